/**
 * Opens a profile in this worker: ownership, storage, keys, engine, in this order. Owns the wiring
 * between them and nothing of what they do.
 */

import { deviceOf, signWith } from '../platform/device-keys';
import { DeviceStore } from '../platform/device-store';
import { own } from '../platform/ownership';
import { ProfileStore, StoreError } from '../platform/profile-store';
import { Alarm } from './alarm';
import { loadEngine } from './engine';
import { Host } from './host';
import type { FromWorker, StopReason } from './messages';
import { RelayWay } from './relay-way';

type Tell = (message: FromWorker) => void;

export interface OpenProfile {
  host: Host;
  relay: RelayWay;
}

/** Resolves to null when the profile could not be opened; `tell` has then been told why. */
export async function open(slot: string, takeOver: boolean, tell: Tell): Promise<OpenProfile | null> {
  let host: Host | null = null;
  const takenOver = (): void => {
    host?.stop();
    tell({ type: 'elsewhere' });
  };
  if (!(await own(slot, takeOver, takenOver))) {
    tell({ type: 'elsewhere' });
    return null;
  }
  try {
    const keys = await (await DeviceStore.open()).keys(slot);
    if (keys === undefined) throw new StoreError('broken');
    const stopped = (cause: unknown): void => {
      host?.stop();
      if (cause instanceof StoreError && cause.failure === 'taken_over') takenOver();
      else tell({ type: 'stopped', reason: reasonOf(cause) });
    };
    const store = await ProfileStore.open(slot, () => stopped(new StoreError('broken')));
    const engine = await loadEngine(await deviceOf(keys));

    const relay = new RelayWay({
      opened: () => host?.feed({ type: 'connected' }),
      lost: () => host?.feed({ type: 'lost' }),
      frame: (bytes) => host?.feed({ type: 'frame', bytes }),
      portal: (seen) => tell({ type: 'portal', seen }),
    });
    const alarm = new Alarm(() => host?.feed({ type: 'tick' }));
    host = new Host(engine, {
      now: () => Date.now(),
      store: (ops) => store.store(ops),
      load: (ranges) => store.load(ranges),
      sign: (message) => signWith(keys, message),
      connect: (url) => relay.connect(url),
      send: (bytes) => relay.send(bytes),
      close: () => relay.close(),
      notify: (event) => tell({ type: 'event', event }),
      wakeAt: (deadline) => alarm.wakeAt(deadline),
      stopped,
    });
    host.feed({ type: 'start' });
    return { host, relay };
  } catch (cause) {
    tell({ type: 'stopped', reason: reasonOf(cause) });
    return null;
  }
}

function reasonOf(cause: unknown): StopReason {
  // The cause goes to the console without the engine's arguments: those may be somebody's record.
  console.error('the profile had to be closed:', cause instanceof Error ? cause.name : typeof cause);
  if (!(cause instanceof StoreError)) return 'crashed';
  return cause.failure === 'full' ? 'storage_full' : 'storage';
}
