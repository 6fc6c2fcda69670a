/** What passes between the page and the worker. */

import type { Event, Request } from '../generated';

export type ToWorker =
  /** The first message, once. */
  | { type: 'open'; slot: string; takeOver: boolean }
  | { type: 'request'; id: number; request: Request }
  /** The network seems to be back, or gone. */
  | { type: 'network'; online: boolean };

export type FromWorker =
  | { type: 'event'; event: Event }
  /** Whether something else than the relay answers at its address: a network that wants a signature. */
  | { type: 'portal'; seen: boolean }
  /** Another window has the profile. Nothing follows. */
  | { type: 'elsewhere' }
  /** The worker has stopped and must be thrown away. Nothing follows. */
  | { type: 'stopped'; reason: StopReason };

/** Why a worker stopped: no room on the disk, a disk that fails, or an engine that broke. */
export type StopReason = 'storage_full' | 'storage' | 'crashed';
