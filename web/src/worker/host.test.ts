/** The order of effects: each finished before the next, nothing after a failure. */

import { describe, expect, test } from 'vitest';
import type { Effect, Entry, Input } from '../generated';
import type { Engine } from './engine';
import { FRAMES_WAITING_MAX, Host, type Ports } from './host';

/** An engine that answers each kind of input from a table and notes what it was told. */
function scripted(answers: Partial<Record<Input['type'], Effect[]>>, heard: string[] = []): Engine {
  return {
    handle(_now, input) {
      heard.push(input.type);
      return answers[input.type] ?? [];
    },
    deadline: () => undefined,
  };
}

interface World {
  ports: Ports;
  log: string[];
  /** Lets the oldest store that is under way finish or fail. */
  finishStore(error?: Error): Promise<void>;
}

function world(entries: Entry[] = []): World {
  const log: string[] = [];
  const stores: { resolve(): void; reject(error: Error): void }[] = [];
  const ports: Ports = {
    now: () => 1,
    store: (ops) => {
      log.push(`store ${ops.length}`);
      return new Promise((resolve, reject) => stores.push({ resolve, reject }));
    },
    load: () => Promise.resolve(entries),
    sign: (message) => Promise.resolve(message),
    connect: (url) => log.push(`connect ${url}`),
    send: (bytes) => log.push(`send ${bytes.length}`),
    close: () => log.push('close'),
    notify: (event) => log.push(`notify ${event.type}`),
    wakeAt: () => {},
    stopped: (_cause, of) => log.push(`stopped by ${of}`),
  };
  const finishStore = async (error?: Error): Promise<void> => {
    const store = stores.shift();
    if (error === undefined) store?.resolve();
    else store?.reject(error);
    await settled();
  };
  return { ports, log, finishStore };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const send = (length: number): Effect => ({ type: 'send', bytes: new Uint8Array(length) });
const store: Effect = { type: 'store', ops: [{ type: 'delete', key: 'k' }] };
const changed: Effect = { type: 'notify', event: { type: 'changed', cases: [] } };

describe('a host', () => {
  test('finishes a store before what follows it', async () => {
    const { ports, log, finishStore } = world();
    const host = new Host(scripted({ start: [store, send(1), store, changed] }), ports);
    host.feed({ type: 'start' });
    await settled();
    expect(log).toEqual(['store 1']);
    await finishStore();
    expect(log).toEqual(['store 1', 'send 1', 'store 1']);
    await finishStore();
    expect(log).toEqual(['store 1', 'send 1', 'store 1', 'notify changed']);
  });

  test('tells the engine nothing new before the effects of the last input are done', async () => {
    const heard: string[] = [];
    const { ports, log, finishStore } = world();
    const host = new Host(scripted({ start: [store], online: [send(2)] }, heard), ports);
    host.feed({ type: 'start' });
    host.feed({ type: 'online' });
    await settled();
    expect(heard).toEqual(['start']);
    await finishStore();
    expect(heard).toEqual(['start', 'online']);
    expect(log).toEqual(['store 1', 'send 2']);
  });

  test('answers a load before it goes on, and puts its effects at the end', async () => {
    const { ports, log } = world([{ key: 'k', value: new Uint8Array(1) }]);
    const load: Effect = { type: 'load', token: 1, ranges: [] };
    const host = new Host(scripted({ start: [load, send(1)], loaded: [send(2)] }), ports);
    host.feed({ type: 'start' });
    await settled();
    expect(log).toEqual(['send 1', 'send 2']);
  });

  test('does nothing more once a store has failed', async () => {
    const heard: string[] = [];
    const { ports, log, finishStore } = world();
    const host = new Host(scripted({ start: [store, send(1), changed] }, heard), ports);
    host.feed({ type: 'start' });
    host.feed({ type: 'online' });
    await settled();
    await finishStore(new Error('disk'));
    host.feed({ type: 'tick' });
    await settled();
    expect(log).toEqual(['store 1', 'close', 'stopped by port']);
    expect(heard).toEqual(['start']);
  });

  test('does nothing more once the engine has broken', async () => {
    const { ports, log } = world();
    const broken: Engine = {
      handle() {
        throw new Error('unreachable');
      },
      deadline: () => undefined,
    };
    const host = new Host(broken, ports);
    host.feed({ type: 'start' });
    host.feed({ type: 'online' });
    await settled();
    expect(log).toEqual(['close', 'stopped by engine']);
  });

  test('drops a connection that brings more than the disk can take', async () => {
    const heard: string[] = [];
    const { ports, log, finishStore } = world();
    const host = new Host(scripted({ start: [store] }, heard), ports);
    host.feed({ type: 'start' });
    host.feed({ type: 'online' });
    for (let i = 0; i <= FRAMES_WAITING_MAX; i += 1) {
      host.feed({ type: 'frame', bytes: new Uint8Array(1) });
    }
    await settled();
    await finishStore();
    expect(log).toEqual(['store 1', 'close']);
    expect(heard).toEqual(['start', 'online', 'lost']);
  });
});
