/**
 * One worker, and the requests that wait for its answers. Owns the promise that every request is
 * answered: what a worker leaves open when it ends is answered with a failure.
 */

import type { Event, Failure, Reply, Request } from '../generated';
import { scriptAddress } from '../platform/trusted';
import workerUrl from '../worker/entry?worker&url';
import type { FromWorker, StopReason, ToWorker } from '../worker/messages';

export interface LinkEvents {
  told(event: Exclude<Event, { type: 'reply' }>): void;
  replied(reply: Reply): void;
  portal(seen: boolean): void;
  elsewhere(): void;
  stopped(reason: StopReason): void;
}

export const failed = (failure: Failure): Reply => ({ type: 'failed', failure });

export class Link {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private lastId = 0;
  private ended = false;

  constructor(
    readonly slot: string,
    takeOver: boolean,
    private readonly events: LinkEvents,
  ) {
    this.worker = new Worker(scriptAddress(workerUrl), { type: 'module', name: 'satchel' });
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.receive(data);
    // The script could not be loaded, or threw outside the host's care.
    this.worker.onerror = () => this.receive({ type: 'stopped', reason: 'crashed' });
    this.worker.onmessageerror = () => this.receive({ type: 'stopped', reason: 'crashed' });
    this.post({ type: 'open', slot, takeOver });
  }

  request(request: Request): Promise<Reply> {
    if (this.ended) return Promise.resolve(failed({ code: 'locked' }));
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.post({ type: 'request', id, request });
    });
  }

  network(online: boolean): void {
    if (!this.ended) this.post({ type: 'network', online });
  }

  /** Throws the worker away. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.worker.terminate();
    for (const resolve of this.waiting.values()) resolve(failed({ code: 'locked' }));
    this.waiting.clear();
  }

  private receive(message: FromWorker): void {
    if (this.ended) return;
    switch (message.type) {
      case 'event':
        this.hear(message.event);
        return;
      case 'portal':
        this.events.portal(message.seen);
        return;
      case 'elsewhere':
        this.end();
        this.events.elsewhere();
        return;
      case 'stopped':
        this.end();
        this.events.stopped(message.reason);
        return;
    }
  }

  private hear(event: Event): void {
    if (event.type !== 'reply') {
      this.events.told(event);
      return;
    }
    const resolve = this.waiting.get(event.id);
    this.waiting.delete(event.id);
    // The phase changes first: whoever asked finds it already as the answer implies.
    this.events.replied(event.reply);
    resolve?.(event.reply);
  }

  private post(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}
