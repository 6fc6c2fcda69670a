// Moving a file through the engine in pieces, so that no more of it than one is in memory there. Knows
// nothing of what is in it.

import type { Client } from '../../client';
import type { BundleSaid, Failure, BundleAsk } from '../../generated';
import { ask } from '../ask';

const PIECE_LEN = 512 * 1024;

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };
const odd: Failure = { code: 'wrong_moment' };

export async function said(client: Client, wish: BundleAsk): Promise<Outcome<BundleSaid>> {
  const answer = await ask(client, { type: 'bundle', ask: wish }, 'bundle');
  return answer.ok ? { ok: true, value: answer.reply.said } : answer;
}

/** The whole file, as pieces for a blob. */
export async function make(client: Client, choice: { case: string; peer: string }): Promise<Outcome<Uint8Array<ArrayBuffer>[]>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let wish: BundleAsk = { type: 'make', ...choice };
  for (;;) {
    const answer = await said(client, wish);
    if (!answer.ok) return answer;
    if (answer.value.type !== 'piece') return { ok: false, failure: odd };
    pieces.push(new Uint8Array(answer.value.bytes));
    if (answer.value.end) return { ok: true, value: pieces };
    wish = { type: 'more' };
  }
}

/** Feeds a file to 'look' or 'take'; what is said at its end. `moved` hears how far it has come, of 1. */
export async function feed(client: Client, type: 'look' | 'take', file: Blob, moved: (part: number) => void): Promise<Outcome<BundleSaid>> {
  for (let at = 0; ; at += PIECE_LEN) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE_LEN).arrayBuffer());
    const end = at + PIECE_LEN >= file.size;
    const answer = await said(client, { type, piece, start: at === 0, end });
    if (!answer.ok || end) return answer;
    moved((at + PIECE_LEN) / file.size);
  }
}
