// One question, one answer of the expected kind. Owns the narrowing of replies, so that no view
// looks into a reply that it did not ask for.

import type { Client } from '../client';
import type { Failure, Reply, Request } from '../generated';

export type ReplyType = Reply['type'];
export type Answer<Type extends ReplyType> =
  | { ok: true; reply: Extract<Reply, { type: Type }> }
  | { ok: false; failure: Failure };

function is<Type extends ReplyType>(reply: Reply, type: Type): reply is Extract<Reply, { type: Type }> {
  return reply.type === type;
}

export async function ask<Type extends ReplyType>(
  client: Client,
  request: Request,
  expected: Type,
): Promise<Answer<Type>> {
  const reply = await client.request(request);
  if (is(reply, expected)) return { ok: true, reply };
  // An answer of another kind can only come from an engine of another version.
  return { ok: false, failure: reply.type === 'failed' ? reply.failure : { code: 'wrong_moment' } };
}
