// The text of a note that is being written. Owns the promise that a pause in typing, hiding the page,
// leaving and locking keep it on the tablet, and that a saved note leaves no draft behind.

import type { Client } from '../../client';
import type { Failure } from '../../generated';
import { ask } from '../ask';

const PAUSE_MS = 600;
/** Somebody who never pauses is kept now and then all the same. */
const UNKEPT_MS_MAX = 5_000;

export type Keeping = 'nothing' | 'keeping' | 'kept' | 'failed';

export class Draft {
  text = $state('');
  state: Keeping = $state('nothing');
  failure: Failure | undefined = $state.raw();
  #kept: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unkeptSince: number | undefined;
  #finished = false;

  constructor(
    private readonly client: Client,
    private readonly caseId: string,
    found: string,
  ) {
    this.text = found;
    this.#kept = found;
    if (found !== '') this.state = 'kept';
  }

  /** Call after each change of the text. */
  typed(): void {
    if (this.#finished) return;
    clearTimeout(this.#timer);
    if (this.text === this.#kept) {
      this.#unkeptSince = undefined;
      this.state = this.text === '' ? 'nothing' : 'kept';
      return;
    }
    const now = performance.now();
    this.#unkeptSince ??= now;
    this.state = 'keeping';
    const wait = Math.min(PAUSE_MS, Math.max(0, this.#unkeptSince + UNKEPT_MS_MAX - now));
    this.#timer = setTimeout(() => void this.keep(), wait);
  }

  /** Done when what is typed so far is on the tablet's disk, or could not be kept. */
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#finished || this.text === this.#kept) return;
    const { text } = this;
    const answer = await ask(this.client, { type: 'save_draft', case: this.caseId, text }, 'done');
    if (answer.ok) {
      this.#kept = text;
      this.failure = undefined;
      if (text === this.text) {
        this.#unkeptSince = undefined;
        this.state = text === '' ? 'nothing' : 'kept';
      }
    } else {
      this.state = 'failed';
      this.failure = answer.failure;
    }
  }

  /**
   * Does what makes a note of it: meanwhile nothing is kept, and nothing stays once it is done. False
   * when it was not done; the draft goes on then.
   */
  async become(deed: () => Promise<Failure | undefined>): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#finished = true;
    this.failure = await deed();
    if (this.failure === undefined) return true;
    this.#finished = false;
    const { failure } = this;
    await this.keep();
    this.failure ??= failure;
    return false;
  }
}
