/**
 * Delivers what the other people of this tablet have not sent yet: opens one locked profile after the
 * other in a worker of its own, until the relay has all that is theirs. Needs nobody's passphrase,
 * only their sealed outbox and transport key. Owns the rule that one is visited at a time, and that
 * whoever is visited makes room at once for a person.
 */

import type { Event } from '../generated';
import { Link } from './link';

/** A visit in which nothing more happens for so long is given up. */
const SILENCE_MS_MAX = 30_000;
/** After visits in vain, the next is tried so much later. */
const RETRY_MS = 60_000;

/** How a visit ended. */
export type Outcome = 'delivered' | 'in_vain';
/** A visit under way. */
export interface Visit {
  outcome: Promise<Outcome>;
  stop(): void;
}

export class Courier {
  private readonly delivered = new Set<string>();
  private visit: Visit | null = null;
  private retryAt = 0;
  private round = 0;
  private busy = false;

  constructor(
    private readonly slots: () => Promise<string[]>,
    private readonly open: (slot: string) => Visit = visit,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** It is a good moment: whoever has not been visited since they were here last, is now. */
  async go(): Promise<void> {
    if (this.busy || this.now() < this.retryAt) return;
    this.busy = true;
    this.round += 1;
    const round = this.round;
    try {
      await this.visitAll(round);
    } finally {
      if (round === this.round) this.busy = false;
    }
  }

  private async visitAll(round: number): Promise<void> {
    let inVain = false;
    for (const slot of await this.slots()) {
      if (round !== this.round) return;
      if (this.delivered.has(slot)) continue;
      this.visit = this.open(slot);
      const outcome = await this.visit.outcome;
      if (round !== this.round) return;
      if (outcome === 'delivered') this.delivered.add(slot);
      else inVain = true;
    }
    this.visit = null;
    if (inVain) this.retryAt = this.now() + RETRY_MS;
  }

  /** A person opens this profile: they send for themselves, and there may be more afterwards. */
  makeRoom(slot: string): void {
    this.round += 1;
    this.visit?.stop();
    this.visit = null;
    this.busy = false;
    this.retryAt = 0;
    this.delivered.delete(slot);
  }
}

function visit(slot: string): Visit {
  let stop = (): void => {};
  const outcome = new Promise<Outcome>((resolve) => {
    let silence: ReturnType<typeof setTimeout>;
    const end = (how: Outcome): void => {
      clearTimeout(silence);
      link.end();
      resolve(how);
    };
    const listen = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => end('in_vain'), SILENCE_MS_MAX);
    };
    const link = new Link(slot, false, {
      told: (event) => {
        listen();
        const how = outcomeOf(event);
        if (how !== null) end(how);
      },
      replied: () => end('in_vain'),
      // Another window has it open, and sends.
      portal: () => {},
      elsewhere: () => end('delivered'),
      stopped: () => end('in_vain'),
    });
    listen();
    stop = () => end('in_vain');
  });
  return { outcome, stop };
}

/** What a profile tells ends the visit; null when it goes on. */
export function outcomeOf(event: Exclude<Event, { type: 'reply' }>): Outcome | null {
  if (event.type === 'ready' && (event.stage === 'empty' || event.stage === 'dismissed')) return 'delivered';
  if (event.type !== 'status') return null;
  const { connection, unsent } = event.status;
  if (connection.type === 'refused') return 'in_vain';
  return connection.type === 'level' && unsent === 0 ? 'delivered' : null;
}
