// Settling findings, with a way back. Owns which settlements can still be taken back: the engine takes
// back deeds since unlocking only, so all of that is forgotten when the vault closes.

import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../../client';
import type { Failure, FindingView } from '../../generated';
import { choiceText, failureText, t } from '../../i18n';
import { ask } from '../ask';
import { toasts } from '../parts/toasts.svelte';

/** After a tap the next card slides under the finger: a second tap of the same hand must not settle it. */
const SECOND_TAP_MS = 700;

const keyOf = (finding: FindingView) => `${finding.case}/${finding.id}`;

export class Settle {
  busy = $state(false);
  #undoTokens = new SvelteMap<string, number>();

  constructor(private readonly client: Client) {
    client.phase.subscribe((phase) => {
      if (phase.type !== 'unlocked') this.#undoTokens.clear();
    });
  }

  mayReopen(finding: FindingView): boolean {
    return this.#undoTokens.has(keyOf(finding));
  }

  /** What went wrong, if anything did. */
  async settle(finding: FindingView, choice: string, reason: string): Promise<Failure | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    const answer = await ask(
      this.client,
      { type: 'settle', case: finding.case, finding: finding.id, choice, reason },
      'saved',
    );
    setTimeout(() => (this.busy = false), SECOND_TAP_MS);
    if (!answer.ok) return answer.failure;
    const token = answer.reply.undo;
    if (token === null) {
      toasts.say(t.review_settled(choiceText(choice, finding.rule)));
    } else {
      this.#undoTokens.set(keyOf(finding), token);
      toasts.say(t.review_settled(choiceText(choice, finding.rule)), () => void this.reopen(finding));
    }
    return undefined;
  }

  async reopen(finding: FindingView): Promise<void> {
    const token = this.#undoTokens.get(keyOf(finding));
    if (token === undefined) return;
    const answer = await ask(this.client, { type: 'undo', token }, 'done');
    if (answer.ok || answer.failure.code === 'changed_since') this.#undoTokens.delete(keyOf(finding));
    toasts.say(answer.ok ? t.review_reopened : failureText(answer.failure));
  }
}

const byClient = new WeakMap<Client, Settle>();

/** The one for this client, on whatever screen a finding is settled. */
export function settleWith(client: Client): Settle {
  let settle = byClient.get(client);
  if (!settle) {
    settle = new Settle(client);
    byClient.set(client, settle);
  }
  return settle;
}
