/**
 * One profile's storage: keys and values, written in durable transactions. Owns the owner's
 * generation: whoever opens the store last is its owner, and every transaction of an earlier owner
 * is refused, so that a window that was suspended cannot write over its successor. Refuses to know
 * what the values mean.
 */

import { type DBSchema, type IDBPDatabase, deleteDB, openDB, unwrap } from 'idb';
import type { Entry, KeyRange, Op } from '../generated';

interface Schema extends DBSchema {
  kv: { key: string; value: Uint8Array };
  owner: { key: 'generation'; value: number };
}

export type StoreFailure = 'full' | 'taken_over' | 'broken';

/** A store that was not carried out; nothing of it is on disk. */
export class StoreError extends Error {
  constructor(
    readonly failure: StoreFailure,
    override readonly cause?: unknown,
  ) {
    super(`store failed: ${failure}`);
    this.name = 'StoreError';
  }
}

const databaseName = (slot: string): string => `satchel-${slot}`;

function connect(slot: string, closed?: () => void): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(databaseName(slot), 1, {
    upgrade(database) {
      database.createObjectStore('kv');
      database.createObjectStore('owner');
    },
    ...(closed === undefined ? {} : { terminated: closed }),
  });
}

export class ProfileStore {
  private constructor(
    private readonly database: IDBPDatabase<Schema>,
    private readonly generation: number,
  ) {}

  /** Opens the store as its new owner; `closed` is called when the browser shuts it. */
  static async open(slot: string, closed?: () => void): Promise<ProfileStore> {
    try {
      const database = await connect(slot, closed);
      const transaction = database.transaction('owner', 'readwrite', { durability: 'strict' });
      const generation = ((await transaction.store.get('generation')) ?? 0) + 1;
      await Promise.all([transaction.store.put(generation, 'generation'), transaction.done]);
      return new ProfileStore(database, generation);
    } catch (error) {
      throw storeError(error);
    }
  }

  /** All of `ops` or nothing, on disk when it resolves. */
  async store(ops: readonly Op[]): Promise<void> {
    const transaction = this.transaction('readwrite');
    try {
      await this.stillOwner(transaction);
      const kv = transaction.objectStore('kv');
      for (const op of ops) {
        const step = take(op, kv);
        // A step that fails ends the transaction, which tells it.
        step.catch(() => {});
      }
      await transaction.done;
    } catch (error) {
      const reason = unwrap(transaction).error ?? error;
      giveUp(transaction);
      throw storeError(reason);
    }
  }

  /** The union of `ranges`, in the order of keys. */
  async load(ranges: readonly KeyRange[]): Promise<Entry[]> {
    const transaction = this.transaction('readonly');
    try {
      await this.stillOwner(transaction);
      const kv = transaction.objectStore('kv');
      const found = new Map<string, Uint8Array>();
      for (const { from, to } of ranges) {
        if (from >= to) continue;
        const range = IDBKeyRange.bound(from, to, false, true);
        const [keys, values] = await Promise.all([kv.getAllKeys(range), kv.getAll(range)]);
        keys.forEach((key, place) => {
          const value = values[place];
          if (value !== undefined) found.set(key, value);
        });
      }
      const entries = Array.from(found, ([key, value]) => ({ key, value }));
      return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
    } catch (error) {
      giveUp(transaction);
      throw storeError(error);
    }
  }

  close(): void {
    this.database.close();
  }

  private transaction<Mode extends 'readonly' | 'readwrite'>(mode: Mode) {
    try {
      return this.database.transaction(['kv', 'owner'], mode, { durability: 'strict' });
    } catch (error) {
      throw storeError(error);
    }
  }

  private async stillOwner(
    transaction: ReturnType<typeof this.transaction<'readonly' | 'readwrite'>>,
  ): Promise<void> {
    const generation = await transaction.objectStore('owner').get('generation');
    if (generation === this.generation) return;
    throw new StoreError('taken_over');
  }
}

/** The part of an object store that a step of a store needs. */
interface Values {
  put(value: Uint8Array, key: string): Promise<unknown>;
  delete(key: string | IDBKeyRange): Promise<unknown>;
}

function take(op: Op, kv: Values): Promise<unknown> {
  switch (op.type) {
    case 'put':
      return kv.put(op.value, op.key);
    case 'delete':
      return kv.delete(op.key);
    case 'clear':
      return kv.delete(IDBKeyRange.bound(op.range.from, op.range.to, false, true));
  }
}

/** Whether anything was ever stored for this slot. */
export async function isEmptyStore(slot: string): Promise<boolean> {
  const database = await connect(slot);
  try {
    return (await database.count('kv')) === 0;
  } finally {
    database.close();
  }
}

/** Removes a slot's storage for good. */
export function deleteStore(slot: string): Promise<void> {
  return deleteDB(databaseName(slot));
}

/** A step that was refused at once does not end its transaction: the others would be stored. */
function giveUp(transaction: { abort(): void; done: Promise<void> }): void {
  transaction.done.catch(() => {});
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const full = error instanceof Error && error.name === 'QuotaExceededError';
  return new StoreError(full ? 'full' : 'broken', error);
}
