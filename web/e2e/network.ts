/**
 * The network between a tablet and a relay, as found in the field: one that lets everything through,
 * one that lets no WebSocket through, and one that answers itself until somebody signs in.
 */

import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

export type Kind = 'open' | 'without_sockets' | 'portal';

export class Network {
  kind: Kind = 'open';
  /** Of requests that took the place of a socket. */
  posted = 0;
  private readonly sockets = new Set<Duplex>();

  private constructor(
    private readonly server: Server,
    private readonly relay: URL,
  ) {
    server.on('request', (asked: IncomingMessage, answer: ServerResponse) => this.pass(asked, answer));
    server.on('upgrade', (asked: IncomingMessage, socket: Duplex) => this.upgrade(asked, socket));
    server.on('connection', (socket: Duplex) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async before(relay: string): Promise<Network> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Network(server, new URL(relay));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Another network from now on: what was open is cut. */
  become(kind: Kind): void {
    this.kind = kind;
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.become('portal');
    this.server.close();
  }

  private pass(asked: IncomingMessage, answer: ServerResponse): void {
    if (this.kind === 'portal') {
      answer.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to our guest network</h1>');
      return;
    }
    if (asked.method === 'POST') this.posted += 1;
    const { hostname, port } = this.relay;
    const onward = request({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers }, (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  }

  private upgrade(asked: IncomingMessage, socket: Duplex): void {
    socket.on('error', () => socket.destroy());
    if (this.kind !== 'open') {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    const onward = connect(Number(this.relay.port), this.relay.hostname, () => {
      const head = asked.rawHeaders.map((part, n) => (n % 2 === 0 ? `${part}: ` : `${part}\r\n`)).join('');
      onward.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${head}\r\n`);
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  }
}
