/**
 * A relay process of one journey, on a port and a database of its own. Owns its life: it may be
 * stopped, killed and started again, and is gone with the journey.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_MS_MAX = 20_000;
const SETUP_LINK = /https?:\/\/\S+#setup=[\w-]+/;

export class Relay {
  private process: ChildProcess | null = null;
  private said = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'satchel-relay-'));

  private constructor(private readonly port: number) {}

  static async start(): Promise<Relay> {
    const relay = new Relay(await freePort());
    await relay.start();
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where the database is. */
  get database(): string {
    return join(this.folder, 'relay.db');
  }

  /** All that it has written to its two outputs. */
  get log(): string {
    return this.said;
  }

  /** The link that a fresh relay shows its operator. */
  get setupLink(): string {
    const link = SETUP_LINK.exec(this.said)?.[0];
    if (link === undefined) throw new Error(`the relay showed no set-up link:\n${this.said}`);
    // It may show the address that the world knows it by; the journey knows another.
    return `${this.url}/${link.slice(link.indexOf('#'))}`;
  }

  /** Starts (again) on the same port and database; resolves when it answers. */
  async start(): Promise<void> {
    const binary = process.env['SATCHEL_BIN'];
    if (binary === undefined) throw new Error('SATCHEL_BIN must be the path of the relay');
    const args = ['serve', '--listen', `127.0.0.1:${this.port}`, '--db', this.database];
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    const note = (chunk: Buffer): void => {
      this.said += chunk.toString();
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    await this.answers(child);
  }

  /** As an operator stops it. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** As a power cut does. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** The end of the journey. */
  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(child: ChildProcess): Promise<void> {
    for (const begun = Date.now(); Date.now() - begun < READY_MS_MAX; ) {
      if (child.exitCode !== null) break;
      const health = await fetch(`${this.url}/health`).catch(() => null);
      // What it wrote before it answered may still be on its way through the pipe.
      if (health?.ok === true && this.said !== '') return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the relay does not answer:\n${this.said}`);
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
