// What is being typed into one form. Owns the promise that a pause in typing, hiding the page,
// leaving and locking keep it on the tablet, and that what came of it leaves no draft behind.

import { onMount, untrack } from 'svelte';
import type { Failure, Form } from '../generated';
import { keepBeforeLeaving, useDrafts, type Drafts } from './drafts.svelte';

const PAUSE_MS = 600;
/** Somebody who never pauses is kept now and then all the same. */
const UNKEPT_MS_MAX = 5_000;

export type Keeping = 'nothing' | 'keeping' | 'kept' | 'failed';

export class Draft {
  /** How the form writes itself down; empty when nothing is typed. */
  text = $state('');
  state: Keeping = $state('nothing');
  /** Why it could not be kept. */
  failure: Failure | undefined = $state.raw();
  #kept: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unkeptSince: number | undefined;
  #becoming = false;

  constructor(
    private readonly drafts: Drafts,
    private readonly form: Form,
  ) {
    this.#kept = drafts.text(form);
    this.text = this.#kept;
    this.#settle();
  }

  /** Call with each change. */
  write(text: string): void {
    this.text = text;
    if (this.#becoming) return;
    clearTimeout(this.#timer);
    if (text === this.#kept) return this.#settle();
    const now = performance.now();
    this.#unkeptSince ??= now;
    this.state = 'keeping';
    const wait = Math.min(PAUSE_MS, Math.max(0, this.#unkeptSince + UNKEPT_MS_MAX - now));
    this.#timer = setTimeout(() => void this.keep(), wait);
  }

  /** Done when what is typed so far is on the tablet's disk, or could not be kept. */
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#becoming || this.text === this.#kept) return;
    const { text } = this;
    this.failure = await this.drafts.save(this.form, text);
    if (this.failure !== undefined) {
      this.state = 'failed';
      return;
    }
    this.#kept = text;
    if (text === this.text) this.#settle();
  }

  /** It is not wanted any more. */
  drop(): Promise<void> {
    this.text = '';
    return this.keep();
  }

  /**
   * Does what comes of it: meanwhile nothing is kept, and nothing stays once it is done. Gives why it
   * was not done; the draft goes on then.
   */
  async become(deed: () => Promise<Failure | undefined>): Promise<Failure | undefined> {
    clearTimeout(this.#timer);
    this.#becoming = true;
    const refused = await deed();
    if (refused === undefined) {
      this.text = this.#kept = '';
      this.drafts.end(this.form);
      this.#settle();
    }
    this.#becoming = false;
    if (refused !== undefined) void this.keep();
    return refused;
  }

  #settle(): void {
    this.#unkeptSince = undefined;
    this.failure = undefined;
    this.state = this.text === '' ? 'nothing' : 'kept';
  }
}

/** Call while a component is set up: the draft of its form, kept as long as it is on the screen. */
export function useDraft(form: Form): Draft {
  const drafts = useDrafts();
  const draft = untrack(() => new Draft(drafts, form));
  const keep = () => draft.keep();
  onMount(() => {
    const leave = keepBeforeLeaving(keep);
    const hidden = () => {
      if (document.visibilityState === 'hidden') void keep();
    };
    const gone = () => void keep();
    document.addEventListener('visibilitychange', hidden);
    addEventListener('pagehide', gone);
    return () => {
      leave();
      document.removeEventListener('visibilitychange', hidden);
      removeEventListener('pagehide', gone);
    };
  });
  return draft;
}
