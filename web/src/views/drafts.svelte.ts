// What is typed into forms and not saved yet, as the engine keeps it: read once when the vault opens,
// and followed from then on. Owns the promise that whoever locks or leaves waits until every open
// form has been kept.

import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../client';
import type { DraftView, Failure, Form } from '../generated';
import { ask } from './ask';

const open = new Set<() => Promise<void>>();
/** What was typed on a screen that has just closed and is still on its way to the disk. */
const closing = new Set<Promise<void>>();

/** Registers how to keep an open form; returns how to take it off, which keeps it a last time. */
export function keepBeforeLeaving(keep: () => Promise<void>): () => void {
  open.add(keep);
  return () => {
    open.delete(keep);
    const last: Promise<void> = keep().finally(() => closing.delete(last));
    closing.add(last);
  };
}

export async function keepAll(): Promise<void> {
  await Promise.all([...[...open].map((keep) => keep()), ...closing]);
}

const keyOf = ({ name, case: id, about }: Form): string => `${name}/${id}/${about}`;

export class Drafts {
  readonly #kept = new SvelteMap<string, DraftView>();

  constructor(private readonly client: Client) {}

  async load(): Promise<void> {
    const answer = await ask(this.client, { type: 'drafts' }, 'drafts');
    if (answer.ok) for (const draft of answer.reply.drafts) this.#kept.set(keyOf(draft.form), draft);
  }

  /** What was typed into a form; empty when nothing is waiting. */
  text(form: Form): string {
    return this.#kept.get(keyOf(form))?.text ?? '';
  }

  /** Those of a case. */
  of(caseId: string): DraftView[] {
    return [...this.#kept.values()].filter(({ form }) => form.case === caseId);
  }

  /** It has become something. Most deeds end their draft themselves, in the same store. */
  end(form: Form): void {
    if (this.#kept.delete(keyOf(form))) void ask(this.client, { type: 'save_draft', form, text: '' }, 'done');
  }

  /** Resolves once it is on the tablet's disk, or with why it is not. Empty text drops it. */
  async save(form: Form, text: string): Promise<Failure | undefined> {
    const answer = await ask(this.client, { type: 'save_draft', form, text }, 'done');
    if (!answer.ok) return answer.failure;
    if (text === '') this.#kept.delete(keyOf(form));
    else this.#kept.set(keyOf(form), { form, text });
    return undefined;
  }
}

export const [useDrafts, provideDrafts] = createContext<Drafts>();
