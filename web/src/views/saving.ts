// Saving with a way back: the engine's `saved` becomes a confirmation that offers to take it back.

import type { Client } from '../client';
import type { Failure, Request } from '../generated';
import { failureText, t } from '../i18n';
import { ask } from './ask';
import { toasts } from './parts/toasts.svelte';

/** Gives why it was not saved. `changed` is called after it was, and again after it was taken back. */
export async function save(client: Client, request: Request, words: string, changed: () => void): Promise<Failure | undefined> {
  const answer = await ask(client, request, 'saved');
  if (!answer.ok) return answer.failure;
  changed();
  const { undo } = answer.reply;
  toasts.say(words, undo === null ? undefined : () => void takeBack(client, undo, changed));
  return undefined;
}

async function takeBack(client: Client, token: number, changed: () => void): Promise<void> {
  const answer = await ask(client, { type: 'undo', token }, 'done');
  changed();
  toasts.say(answer.ok ? t.undone : failureText(answer.failure));
}
