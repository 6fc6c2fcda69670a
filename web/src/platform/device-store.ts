/**
 * What this tablet knows without any passphrase: which profiles it has, and their keys that cannot
 * be exported. Owns the list; refuses everything about clients, cases and vaults.
 */

import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { type DeviceKeys, newDeviceKeys } from './device-keys';
import { whileNobodyOwns } from './ownership';
import { deleteStore, isEmptyStore } from './profile-store';

export interface ProfileRecord {
  slot: string;
  /** Name of the worker; empty until the agency's directory is here. */
  name: string;
  agency: string;
  createdAt: number;
  /** A vault has been made in it. */
  joined: boolean;
}

interface Schema extends DBSchema {
  profiles: { key: string; value: ProfileRecord };
  keys: { key: string; value: DeviceKeys };
}

/** A slot this young may be one that a window has made and not opened yet. */
const FRESH_MS = 60_000;

export class DeviceStore {
  private constructor(private readonly database: IDBPDatabase<Schema>) {}

  static async open(): Promise<DeviceStore> {
    const database = await openDB<Schema>('satchel-device', 1, {
      upgrade(database) {
        database.createObjectStore('profiles', { keyPath: 'slot' });
        database.createObjectStore('keys');
      },
    });
    return new DeviceStore(database);
  }

  /** The profiles with a vault, oldest first. */
  async profiles(): Promise<ProfileRecord[]> {
    const records = await this.database.getAll('profiles');
    return records.filter((record) => record.joined).sort((a, b) => a.createdAt - b.createdAt);
  }

  async has(slot: string): Promise<boolean> {
    return (await this.database.getKey('profiles', slot)) !== undefined;
  }

  keys(slot: string): Promise<DeviceKeys | undefined> {
    return this.database.get('keys', slot);
  }

  /** A new slot with keys of its own, and nothing in it. */
  async addSlot(now: number): Promise<string> {
    const slot = Array.from(crypto.getRandomValues(new Uint8Array(8)), hex).join('');
    const keys = await newDeviceKeys();
    const transaction = this.database.transaction(['profiles', 'keys'], 'readwrite', {
      durability: 'strict',
    });
    await Promise.all([
      transaction
        .objectStore('profiles')
        .put({ slot, name: '', agency: '', createdAt: now, joined: false }),
      transaction.objectStore('keys').put(keys, slot),
      transaction.done,
    ]);
    return slot;
  }

  /** The profile has a vault; empty texts leave the names as they are. */
  async markJoined(slot: string, name: string, agency: string): Promise<void> {
    const transaction = this.database.transaction('profiles', 'readwrite', { durability: 'strict' });
    const record = await transaction.store.get(slot);
    const steps: Promise<unknown>[] = [transaction.done];
    if (record !== undefined) {
      const named = { name: name || record.name, agency: agency || record.agency };
      steps.push(transaction.store.put({ ...record, ...named, joined: true }));
    }
    await Promise.all(steps);
  }

  /**
   * Removes slots in which nobody founded or joined. What a slot's storage holds decides, not our
   * note about it: a crash may have come between the two. `kept` and slots that another window may
   * just be opening stay.
   */
  async removeEmptySlots(now: number, kept: string | null): Promise<void> {
    for (const { slot, joined, createdAt } of await this.database.getAll('profiles')) {
      if (joined || slot === kept || Math.abs(now - createdAt) < FRESH_MS) continue;
      await whileNobodyOwns(slot, async () => {
        if (await isEmptyStore(slot)) await this.remove(slot);
        else await this.markJoined(slot, '', '');
      });
    }
  }

  private async remove(slot: string): Promise<void> {
    await deleteStore(slot);
    const transaction = this.database.transaction(['profiles', 'keys'], 'readwrite');
    await Promise.all([
      transaction.objectStore('profiles').delete(slot),
      transaction.objectStore('keys').delete(slot),
      transaction.done,
    ]);
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
