// Time that is counted down on the screen. Owns the steps in which it is read out, so that a reader
// hears of it without hearing every second; counts by a clock that nobody can set.

import type { Readable } from 'svelte/store';

export interface Countdown {
  /** What is left; 0 when it is over. */
  readonly seconds: number;
  /** The same, rounded up to what is worth saying. */
  readonly spoken: number;
  /** There was one since the screen opened. */
  readonly was: boolean;
}

const TICK_MS = 500;
const SPOKEN_S = [0, 5, 15, 30];

/** Call while a component is set up. `end` is a time as `performance.now()` counts. */
export function countdown(end: Readable<number>): Countdown {
  let until = $state(0);
  let now = $state(0);
  let was = $state(false);
  $effect(() =>
    end.subscribe((at) => {
      now = performance.now();
      until = at;
      if (at > now) was = true;
    }),
  );
  const seconds = $derived(Math.max(0, Math.ceil((until - now) / 1_000)));
  const waiting = $derived(seconds > 0);
  $effect(() => {
    if (!waiting) return;
    const timer = setInterval(() => (now = performance.now()), TICK_MS);
    return () => clearInterval(timer);
  });
  return {
    get seconds() {
      return seconds;
    },
    get spoken() {
      return spoken(seconds);
    },
    get was() {
      return was;
    },
  };
}

/** '5', '15' and '30' seconds, then whole minutes. */
export function spoken(seconds: number): number {
  return SPOKEN_S.find((step) => seconds <= step) ?? Math.ceil(seconds / 60) * 60;
}
