/**
 * Carries out what the engine asks. Owns the order: one effect after the other, each finished before
 * the next begins, and no input before the effects of the one before it; so what follows a store
 * happens only once that store is on disk. After a failed store or a broken engine nothing is
 * carried out any more. Knows no disk, socket or clock itself.
 */

import type { Effect, Entry, Event, Input, KeyRange, Op } from '../generated';
import type { Engine } from './engine';

export interface Ports {
  now(): number;
  store(ops: readonly Op[]): Promise<void>;
  load(ranges: readonly KeyRange[]): Promise<Entry[]>;
  sign(message: Uint8Array): Promise<Uint8Array>;
  connect(url: string): void;
  send(bytes: Uint8Array): void;
  close(): void;
  notify(event: Event): void;
  /** Replaces the time at which a tick is due. */
  wakeAt(deadline: number | undefined): void;
  /** The host has stopped for good: its engine broke, or a port failed. */
  stopped(cause: unknown, of: 'engine' | 'port'): void;
}

/** More frames than this wait only if the disk has fallen far behind the network. */
export const FRAMES_WAITING_MAX = 512;

export class Host {
  private readonly inputs: Input[] = [];
  private readonly effects: Effect[] = [];
  private framesWaiting = 0;
  private running = false;
  private over = false;

  constructor(
    private readonly engine: Engine,
    private readonly ports: Ports,
  ) {}

  feed(input: Input): void {
    if (this.over) return;
    if (input.type === 'frame') {
      this.framesWaiting += 1;
      if (this.framesWaiting > FRAMES_WAITING_MAX) {
        this.dropConnection();
        return;
      }
    }
    this.inputs.push(input);
    if (!this.running) void this.run();
  }

  stop(): void {
    this.over = true;
    this.inputs.length = 0;
    this.effects.length = 0;
    this.ports.wakeAt(undefined);
    this.ports.close();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (!this.over) {
      const effect = this.effects.shift();
      if (effect !== undefined) {
        await this.carryOut(effect);
        continue;
      }
      const input = this.inputs.shift();
      if (input === undefined) break;
      if (input.type === 'frame') this.framesWaiting -= 1;
      this.tell(input);
    }
    this.running = false;
  }

  private tell(input: Input): void {
    try {
      this.effects.push(...this.engine.handle(this.ports.now(), input));
      this.ports.wakeAt(this.engine.deadline());
    } catch (cause) {
      this.end(cause, 'engine');
    }
  }

  private async carryOut(effect: Effect): Promise<void> {
    try {
      const answer = await this.perform(effect);
      if (answer !== undefined && !this.over) this.tell(answer);
    } catch (cause) {
      this.end(cause, 'port');
    }
  }

  private async perform(effect: Effect): Promise<Input | undefined> {
    switch (effect.type) {
      case 'store':
        await this.ports.store(effect.ops);
        return undefined;
      case 'load':
        return {
          type: 'loaded',
          token: effect.token,
          entries: await this.ports.load(effect.ranges),
        };
      case 'sign':
        return { type: 'signed', signature: await this.ports.sign(effect.message) };
      case 'connect':
        this.ports.connect(effect.url);
        return undefined;
      case 'send':
        this.ports.send(effect.bytes);
        return undefined;
      case 'close':
        this.ports.close();
        return undefined;
      case 'notify':
        this.ports.notify(effect.event);
        return undefined;
    }
  }

  /** The relay's frames come again with the next pull; so the whole connection may go. */
  private dropConnection(): void {
    this.ports.close();
    const others = this.inputs.filter((input) => input.type !== 'frame');
    this.inputs.splice(0, this.inputs.length, ...others, { type: 'lost' });
    this.framesWaiting = 0;
  }

  private end(cause: unknown, of: 'engine' | 'port'): void {
    if (this.over) return;
    this.stop();
    this.ports.stopped(cause, of);
  }
}
