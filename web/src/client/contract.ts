/**
 * What views may know of everything below them. Owns the phases that an app passes through between
 * start and open vault; refuses to know how a worker, a disk or a relay is reached.
 */

import type { Readable } from 'svelte/store';
import type { Me, Reply, Request, Status } from '../generated';

/** One of this tablet's profiles, as it may be listed before anybody has unlocked anything. */
export interface ProfileEntry {
  slot: string;
  /** Empty until the agency's own data are here. */
  name: string;
  agency: string;
  /** When it was made on this tablet. */
  addedAt: number;
  /** This window has it open. */
  open: boolean;
}

/** Why the app cannot go on by itself. */
export type FailureReason = 'storage_full' | 'storage' | 'crashed' | 'unsupported';

export type Phase =
  | { type: 'starting' }
  /** No profile on this tablet, or several: somebody has to choose. */
  | { type: 'pick'; profiles: ProfileEntry[] }
  /** This profile is open in another window. */
  | { type: 'elsewhere' }
  /** A slot without a profile: found or join. */
  | { type: 'empty' }
  | { type: 'locked' }
  /** This profile was taken out of its agency, and its records are erased. */
  | { type: 'dismissed' }
  | { type: 'unlocked'; me: Me }
  | { type: 'failed'; reason: FailureReason };

export interface Client {
  readonly phase: Readable<Phase>;
  /** The latest status that the engine told, null before the first. */
  readonly status: Readable<Status | null>;
  /** Something else than the relay answers at its address: the network wants one to sign in first. */
  readonly portal: Readable<boolean>;
  /** After wrong passphrases: until when none is tried, as `performance.now()` counts; 0 for no pause. */
  readonly pause: Readable<number>;
  /** Nobody has been here for a while: when it locks, as `performance.now()` counts; 0 for not soon. */
  readonly locksAt: Readable<number>;
  /** Always resolves: a failure is a reply too. */
  request(request: Request): Promise<Reply>;
  /** Calls `listener` with the cases that look different now; an empty list means: any may. */
  onChanged(listener: (cases: string[]) => void): () => void;
  /** Leaves the present profile and opens another; 'new' makes an empty slot. Also the way out of 'failed'. */
  openProfile(slot: string | 'new'): Promise<void>;
  profiles(): Promise<ProfileEntry[]>;
  /** From 'elsewhere': take the profile away from the other window. */
  takeOver(): Promise<void>;
  lock(): Promise<void>;
  /** What is done before any locking, also the automatic one: keep what has been typed. */
  beforeLock(keep: () => Promise<void>): void;
  /** Whether the browser has promised not to evict; null where it cannot say. */
  persisted(): Promise<boolean | null>;
  /** Somebody is at the tablet: puts the automatic lock off. */
  seen(): void;
}
