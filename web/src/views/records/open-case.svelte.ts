// The case whose page is open, for all the parts of that page, and the names of the staff.

import { createContext } from 'svelte';
import type { Client } from '../../client';
import type { CaseView, StaffView } from '../../generated';
import { t } from '../../i18n';
import { live } from '../live.svelte';

export interface OpenCase {
  readonly id: string;
  readonly view: CaseView;
  readonly readOnly: boolean;
  readonly staff: Staff;
  /** Something was saved: ask again. */
  changed(): void;
}

export const [useCase, provideCase] = createContext<OpenCase>();

export interface Staff {
  /** Each person once, me first. */
  readonly people: readonly StaffView[];
  /** Name of a member; of one that is not known here, nothing. */
  name(staff: string): string;
}

/** Call while a component is set up. */
export function liveStaff(client: Client): Staff {
  const answer = live(
    client,
    'staff',
    () => ({ type: 'staff' }),
    () => false,
  );
  // Somebody with two tablets is one person.
  const people = $derived.by(() => {
    const all = (answer.reply?.staff ?? []).toSorted((a, b) => Number(b.me) - Number(a.me));
    return all.filter((one, n) => all.findIndex((other) => other.staff === one.staff) === n);
  });
  return {
    get people() {
      return people;
    },
    name(staff) {
      const found = people.find((one) => one.staff === staff);
      return found ? found.name || t.unnamed : '';
    },
  };
}
