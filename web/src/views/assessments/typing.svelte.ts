// What is typed into the boxes of an assessment and not saved yet. Owns the promise that it is kept
// as a draft until it is an answer, and that a pause, another page or a lock loses none of it.

import type { Client } from '../../client';
import type { Failure, Given } from '../../generated';
import { language } from '../../i18n';
import { ask } from '../ask';
import type { Draft } from '../draft.svelte';
import { decoded, encoded, type Values } from '../records/typed';

export class Typing {
  /** By key: what stands in a box, where that is not the answer yet. */
  values: Values = $state({});
  /** By key: why an answer was not taken. */
  refused: Record<string, Failure> = $state({});
  saving = $state(0);

  constructor(
    private readonly client: Client,
    private readonly within: { case: string; id: string },
    private readonly draft: Draft,
  ) {
    this.values = decoded(draft.text);
  }

  type(key: string, text: string): void {
    this.values[key] = text;
    this.draft.write(encoded(this.values));
  }

  /** What is typed is the answer already. */
  forget(key: string): void {
    delete this.values[key];
    delete this.refused[key];
    this.draft.write(encoded(this.values));
  }

  /** Saves an answer; whether it was taken. */
  async answer(key: string, given: Given[]): Promise<boolean> {
    const typed = this.values[key];
    this.saving += 1;
    const asked = { type: 'answer', id: this.within.id, key, given, language: language.current } as const;
    const done = await ask(this.client, { type: 'assess', case: this.within.case, ask: asked }, 'assessment');
    this.saving -= 1;
    if (!done.ok) {
      this.refused[key] = done.failure;
      return false;
    }
    delete this.refused[key];
    // What has been typed meanwhile stays.
    if (this.values[key] === typed) delete this.values[key];
    this.draft.write(encoded(this.values));
    await this.draft.keep();
    return true;
  }
}
