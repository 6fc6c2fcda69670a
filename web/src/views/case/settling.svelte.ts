// Settling conflicts of one case, with a way back. Owns what 'undo' means: the value that stood before
// is set again, and the choice is offered anew, since the engine counts the conflict as settled.

import type { Client } from '../../client';
import type { CaseView, Failure, FieldView, Side } from '../../generated';
import { fieldLabel, t } from '../../i18n';
import { ask } from '../ask';
import { toasts } from '../parts/toasts.svelte';
import { shown } from './shown';

/** After a tap the next card slides under the finger: a second tap of the same hand must not settle it. */
const SECOND_TAP_MS = 700;

export interface Open {
  key: string;
  sides: Side[];
  /** Settled already and taken back: choosing means setting the value. */
  again: boolean;
}

export class Settling {
  busy = $state(false);
  failure: Failure | undefined = $state.raw();
  #reopened: Open[] = $state.raw([]);

  constructor(
    private readonly client: Client,
    private readonly caseId: string,
    private readonly changed: () => void,
  ) {}

  /** What waits for a choice. */
  open(view: CaseView): Open[] {
    const waiting = view.fields
      .filter((field) => field.sides.length > 1)
      .map((field): Open => ({ key: field.key, sides: field.sides, again: false }));
    const keys = new Set(waiting.map((one) => one.key));
    return [...waiting, ...this.#reopened.filter((one) => !keys.has(one.key))];
  }

  async choose(open: Open, side: Side, field: FieldView | undefined): Promise<void> {
    this.busy = true;
    const before = field?.value ?? '';
    const answer = await ask(
      this.client,
      open.again
        ? { type: 'set_field', case: this.caseId, key: open.key, value: side.value }
        : { type: 'choose', case: this.caseId, key: open.key, side: side.id },
      'done',
    );
    setTimeout(() => (this.busy = false), SECOND_TAP_MS);
    this.failure = answer.ok ? undefined : answer.failure;
    if (!answer.ok) return;
    this.#reopened = this.#reopened.filter((one) => one.key !== open.key);
    this.changed();
    const label = fieldLabel(open.key);
    const value = side.value === '' ? t.conflict_empty : shown(open.key, side.value);
    toasts.say(t.conflict_settled(label, value), () => void this.#undo(open, side.value, before));
  }

  async #undo(open: Open, chosen: string, before: string): Promise<void> {
    if (chosen !== before) {
      const answer = await ask(
        this.client,
        { type: 'set_field', case: this.caseId, key: open.key, value: before },
        'done',
      );
      this.failure = answer.ok ? undefined : answer.failure;
      if (!answer.ok) return;
    }
    this.#reopened = [...this.#reopened, { ...open, again: true }];
    this.changed();
    toasts.say(t.conflict_undone(fieldLabel(open.key)));
  }
}
