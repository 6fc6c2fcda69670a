// A visit under way: its steps, what is typed in them, and how a step is saved. Owns the promise that
// what is typed outlives a lock or a crash, and that a step is saved whole before the next one shows.

import type { Client } from '../../client';
import type { CaseView, Failure, NewNoteView, RecordView, StepRecord } from '../../generated';
import { ask } from '../ask';
import type { Draft } from '../draft.svelte';
import { isCurrent, ofKind, text } from '../records/read';
import { decoded, encoded, type Values } from '../records/typed';

export const STEPS = ['checklist', 'form', 'medicines', 'note', 'next', 'signature', 'end'] as const;
export type Step = (typeof STEPS)[number];

export const BEGUN = 'in-progress';

/** The visit that I have begun in a case and not ended. */
export function begunOf(view: CaseView, me: string): RecordView | undefined {
  return view.records.find((one) => one.kind === 'visit' && text(one, 'state') === BEGUN && text(one, 'staff') === me);
}

/** The steps that there is something to do in. */
export function stepsOf(view: CaseView): Step[] {
  const lists = ofKind(view.records, 'medication').some(isCurrent);
  return STEPS.filter((step) => step !== 'medicines' || lists);
}

/** Where it goes on: the step that was saved last tells; one that is not there any more, the next. */
export function stepOf(visit: RecordView, steps: readonly Step[]): Step {
  const at = STEPS.findIndex((step) => step === text(visit, 'step'));
  return STEPS.slice(Math.max(at, 0)).find((step) => steps.includes(step)) ?? 'end';
}

export interface Done {
  values?: [string, string][];
  others?: StepRecord[];
  note?: NewNoteView;
}

export class Flow {
  /** By key: what is typed and not saved. */
  values: Values = $state({});
  failure: Failure | undefined = $state.raw();
  busy = $state(false);

  constructor(
    private readonly client: Client,
    readonly within: { case: string; id: string },
    readonly draft: Draft,
  ) {
    this.values = decoded(draft.text);
  }

  typed(key: string, otherwise = ''): string {
    return this.values[key] ?? otherwise;
  }

  type(key: string, value: string): void {
    this.values[key] = value;
    this.draft.write(encoded(this.values));
  }

  /** Saves what a step says, together with the step that comes next. Whether it was taken. */
  async save(to: Step | '', done: Done, mine: (key: string) => boolean): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const { values = [], others = [], note = null } = done;
    this.failure = await this.draft.become(async () => {
      const asked = { type: 'save', id: this.within.id, values: [...values, ['step', to]] as [string, string][], others, note } as const;
      const answer = await ask(this.client, { type: 'visit', case: this.within.case, ask: asked }, 'saved');
      return answer.ok ? undefined : answer.failure;
    });
    this.busy = false;
    if (this.failure !== undefined) return false;
    // What is typed in other steps stays.
    this.values = Object.fromEntries(Object.entries(this.values).filter(([key]) => !mine(key)));
    if (Object.keys(this.values).length > 0) this.draft.write(encoded(this.values));
    return true;
  }
}
