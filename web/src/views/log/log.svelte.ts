// The access log page by page. Owns the rule that an answer to an older question never replaces a
// newer one's.

import type { Client } from '../../client';
import type { AccessEntryView, Failure } from '../../generated';
import { ask } from '../ask';

export interface Wanted {
  of_case: string;
  staff: string;
  deed: string;
  /** A calendar day where the person is, or nothing. */
  day: string;
}

/** From midnight to midnight where the person is; all times for no day. */
function spanOf(day: string): { from: number; to: number } {
  const from = new Date(`${day}T00:00`);
  if (Number.isNaN(from.getTime())) return { from: 0, to: Number.MAX_SAFE_INTEGER };
  const to = new Date(from);
  to.setDate(to.getDate() + 1);
  return { from: from.getTime(), to: to.getTime() };
}

export class Log {
  entries: AccessEntryView[] = $state.raw([]);
  unreadable = $state(0);
  /** There is more that is older. */
  before: number | null = $state(null);
  busy = $state(false);
  failure: Failure | undefined = $state.raw();
  #wanted: Wanted | undefined;

  constructor(private readonly client: Client) {}

  /** Begins anew with what is wanted now. */
  async show(wanted: Wanted): Promise<void> {
    this.#wanted = wanted;
    await this.#read(wanted, null);
  }

  /** Goes on with what is older. */
  async more(): Promise<void> {
    if (this.#wanted !== undefined && this.before !== null && !this.busy) await this.#read(this.#wanted, this.before);
  }

  async #read(wanted: Wanted, before: number | null): Promise<void> {
    this.busy = true;
    const { day, ...rest } = wanted;
    const answer = await ask(this.client, { type: 'access_log', ...rest, ...spanOf(day), before }, 'access_log');
    if (wanted !== this.#wanted) return;
    this.busy = false;
    this.failure = answer.ok ? undefined : answer.failure;
    if (!answer.ok) return;
    const { log } = answer.reply;
    this.entries = before === null ? log.entries : [...this.entries, ...log.entries];
    this.unreadable = log.unreadable + (before === null ? 0 : this.unreadable);
    this.before = log.before;
  }
}
