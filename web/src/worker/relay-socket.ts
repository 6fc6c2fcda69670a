/**
 * One WebSocket to the relay at a time. Owns: whoever was told 'opened' is told 'lost' exactly once,
 * unless it closed the connection itself. Refuses text messages; reads no frame.
 */

/** What a connection has to tell. */
export interface SocketEvents {
  opened(): void;
  lost(): void;
  frame(bytes: Uint8Array): void;
}

const OPEN_MS_MAX = 15_000;

export class RelaySocket {
  private socket: WebSocket | null = null;

  constructor(private readonly events: SocketEvents) {}

  connect(url: string): void {
    this.close();
    let socket: WebSocket;
    try {
      socket = new WebSocket(syncAddress(url));
    } catch {
      // No address at all, or one that the page's policy forbids. Later, as with any lost one.
      queueMicrotask(() => this.events.lost());
      return;
    }
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    const slow = setTimeout(() => this.lose(socket), OPEN_MS_MAX);
    socket.onopen = () => {
      clearTimeout(slow);
      if (this.socket === socket) this.events.opened();
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.socket !== socket) return;
      if (data instanceof ArrayBuffer) this.events.frame(new Uint8Array(data));
      else this.lose(socket);
    };
    socket.onclose = () => {
      clearTimeout(slow);
      this.lose(socket);
    };
  }

  send(bytes: Uint8Array): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(new Uint8Array(bytes));
  }

  /** Closes without a word. */
  close(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  /** The network is gone, though the browser may not have noticed for this connection. */
  drop(): void {
    if (this.socket !== null) this.lose(this.socket);
  }

  private lose(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.close();
    this.events.lost();
  }
}

/** The WebSocket address of a relay that is known as http(s)://host[:port]. */
export function syncAddress(url: string): string {
  return `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/sync`;
}
