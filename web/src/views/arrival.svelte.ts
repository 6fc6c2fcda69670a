// The link with which the app was opened. Owns the rule that its secret leaves the address bar (and
// the history) at once and lives in memory only until it is used.

import { go } from './router.svelte';

export type Purpose = 'join' | 'set-up';

const PREFIXES: readonly (readonly [prefix: string, purpose: Purpose])[] = [
  ['#join=', 'join'],
  ['#setup=', 'set-up'],
];

const state = $state<{ link: string; purpose: Purpose | null; fresh: boolean }>({
  link: '',
  purpose: null,
  fresh: false,
});

/** Takes the link out of the address, if there is one. True when it did. */
export function takeLink(): boolean {
  const found = PREFIXES.find(([prefix]) => location.hash.startsWith(prefix));
  if (found === undefined) return false;
  state.link = location.href;
  state.purpose = found[1];
  state.fresh = true;
  go({ screen: found[1] }, 'replace');
  return true;
}

export const arrival = {
  link(purpose: Purpose): string {
    return state.purpose === purpose ? state.link : '';
  },
  /** A link has come and was not used yet. */
  get waiting(): boolean {
    return state.purpose !== null;
  },
  /** True once for each link that arrived: whoever asks sees to it that an empty profile is open. */
  get fresh(): boolean {
    return state.fresh;
  },
  met(): void {
    state.fresh = false;
  },
  /** It was used, or is not wanted. */
  forget(): void {
    state.link = '';
    state.purpose = null;
    state.fresh = false;
  },
};
