// What is reckoned from the open case's records, asked again whenever something has changed.

import { useClient } from '../context';
import { live, type Live } from '../live.svelte';
import { useCase } from '../records/open-case.svelte';

/** Call while a component is set up. */
export function liveCare(): Live<'care'> {
  const within = useCase();
  return live(useClient(), 'care', () => ({ type: 'care', case: within.id, ask: { type: 'view' } }));
}
