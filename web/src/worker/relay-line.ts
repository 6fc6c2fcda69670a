/**
 * The conversation over plain requests, where no WebSocket gets through: one request at a time carries
 * frames up, another waits for those that come down. Owns the same promise as the socket: 'lost' exactly
 * once after 'opened'. An answer that does not come is not asked for again: the line is lost then.
 */

import type { SocketEvents } from './relay-socket';

const FRAMES = 'application/vnd.satchel.frames';
const TOKEN_LEN = 16;
const LENGTH_LEN = 4;
/** The relay answers an empty request after 20 seconds at the latest. */
const ANSWER_MS_MAX = 40_000;

interface Line {
  address: string;
  token: Uint8Array;
  ended: AbortController;
}

export class RelayLine {
  private line: Line | null = null;
  private readonly outgoing: Uint8Array[] = [];
  private sending = false;

  constructor(private readonly events: SocketEvents) {}

  connect(url: string): void {
    this.close();
    const line: Line = { address: lineAddress(url), token: new Uint8Array(), ended: new AbortController() };
    this.line = line;
    void this.converse(line);
  }

  send(bytes: Uint8Array): void {
    if (this.line === null) return;
    this.outgoing.push(bytes);
    if (!this.sending) void this.carry(this.line);
  }

  /** Ends without a word: the relay hears nobody wait, and ends it too. */
  close(): void {
    this.line?.ended.abort();
    this.line = null;
    this.outgoing.length = 0;
  }

  /** The network is gone, though no request has failed yet. */
  drop(): void {
    if (this.line !== null) this.lose(this.line);
  }

  private async converse(line: Line): Promise<void> {
    try {
      line.token = await post(line, new Uint8Array());
      if (line.token.length !== TOKEN_LEN) throw new Error('no line');
      if (this.line === line) this.events.opened();
      while (this.line === line) {
        for (const frame of split(await post(line, line.token))) {
          if (this.line === line) this.events.frame(frame);
        }
      }
    } catch {
      this.lose(line);
    }
  }

  private async carry(line: Line): Promise<void> {
    this.sending = true;
    try {
      for (let frame = this.outgoing.shift(); frame !== undefined && this.line === line; frame = this.outgoing.shift()) {
        await post(line, join(line.token, frame));
      }
    } catch {
      this.lose(line);
    }
    this.sending = false;
    // A line that began meanwhile has its own to say.
    if (this.line !== null && this.outgoing.length > 0) void this.carry(this.line);
  }

  private lose(line: Line): void {
    if (this.line !== line) return;
    this.close();
    this.events.lost();
  }
}

async function post({ address, ended }: Line, body: Uint8Array): Promise<Uint8Array> {
  const answer = await fetch(address, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': FRAMES },
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    signal: AbortSignal.any([ended.signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
  });
  if (!answer.ok || answer.headers.get('content-type') !== FRAMES) throw new Error('not the relay');
  return new Uint8Array(await answer.arrayBuffer());
}

function join(token: Uint8Array, frame: Uint8Array): Uint8Array {
  const body = new Uint8Array(token.length + LENGTH_LEN + frame.length);
  body.set(token);
  new DataView(body.buffer).setUint32(token.length, frame.length);
  body.set(frame, token.length + LENGTH_LEN);
  return body;
}

/** The frames of a body, each after its length. Throws where it is not whole. */
export function split(body: Uint8Array): Uint8Array[] {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const begin = at + LENGTH_LEN;
    const end = begin + view.getUint32(at);
    if (end > body.length) throw new Error('torn');
    frames.push(body.slice(begin, end));
    at = end;
  }
  return frames;
}

/** The address for requests of a relay that is known as http(s)://host[:port]. */
export function lineAddress(url: string): string {
  return `${url.replace(/\/+$/, '')}/line`;
}
