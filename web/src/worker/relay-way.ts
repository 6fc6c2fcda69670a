/**
 * Which way to the relay: a WebSocket, or plain requests where the network lets none through. Owns the
 * finding of why a socket did not open: nobody there, the relay without sockets, or somebody else who
 * answers in its place, as networks do that want one to sign in first.
 */

import { RelayLine } from './relay-line';
import { RelaySocket, type SocketEvents } from './relay-socket';

export interface WayEvents extends SocketEvents {
  /** Whether something else than the relay answers at its address. */
  portal(seen: boolean): void;
}

/** What answers at the relay's address. */
export type Answers = 'relay' | 'somebody_else' | 'nobody';

/** How long a network is taken for one without sockets, in milliseconds. */
const WITHOUT_SOCKETS_MS = 10 * 60_000;
const LOOK_MS_MAX = 10_000;

export class RelayWay {
  private readonly socket: RelaySocket;
  private readonly line: RelayLine;
  private url = '';
  private opened = false;
  private lineUntil = 0;
  /** Counts attempts: what was found out for an earlier one is nobody's concern. */
  private attempt = 0;

  constructor(
    private readonly events: WayEvents,
    private readonly look: (url: string) => Promise<Answers> = answers,
  ) {
    const { frame } = events;
    const opened = (): void => {
      this.opened = true;
      events.portal(false);
      events.opened();
    };
    this.socket = new RelaySocket({ opened, frame, lost: () => void this.lost(true) });
    this.line = new RelayLine({ opened, frame, lost: () => void this.lost(false) });
  }

  connect(url: string): void {
    this.close();
    this.url = url;
    this.opened = false;
    if (performance.now() < this.lineUntil) this.line.connect(url);
    else this.socket.connect(url);
  }

  send(bytes: Uint8Array): void {
    // Only one of them is open.
    this.socket.send(bytes);
    this.line.send(bytes);
  }

  close(): void {
    this.attempt += 1;
    this.socket.close();
    this.line.close();
  }

  /** The network is gone, though the browser may not have noticed. */
  drop(): void {
    this.socket.drop();
    this.line.drop();
  }

  private async lost(socket: boolean): Promise<void> {
    if (this.opened) {
      this.events.lost();
      return;
    }
    const attempt = this.attempt;
    const found = await this.look(this.url);
    if (attempt !== this.attempt) return;
    this.events.portal(found === 'somebody_else');
    if (found === 'relay' && socket) {
      this.lineUntil = performance.now() + WITHOUT_SOCKETS_MS;
      this.line.connect(this.url);
    } else {
      this.lineUntil = 0;
      this.events.lost();
    }
  }
}

async function answers(url: string): Promise<Answers> {
  try {
    const answer = await fetch(`${url.replace(/\/+$/, '')}/health`, {
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'manual',
      signal: AbortSignal.timeout(LOOK_MS_MAX),
    });
    return judge(answer.type, answer.status, await answer.text());
  } catch {
    return 'nobody';
  }
}

/** Who sent this when it was asked how the relay is. */
export function judge(type: ResponseType, status: number, body: string): Answers {
  // A network that wants a signature first sends one elsewhere, or says so (RFC 6585).
  if (type === 'opaqueredirect' || status === 511) return 'somebody_else';
  // A relay that stops, or the proxy of one that is down.
  if (status >= 500) return 'nobody';
  try {
    const said: unknown = JSON.parse(body);
    if (typeof said === 'object' && said !== null && 'protocol' in said) return 'relay';
  } catch {
    // No word of a relay's.
  }
  return 'somebody_else';
}
