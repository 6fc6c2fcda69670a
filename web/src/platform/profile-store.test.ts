/** Storage of one profile: whole or not at all, in order, and for one owner. */

import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import type { Op } from '../generated';
import { ProfileStore, deleteStore, isEmptyStore } from './profile-store';

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);
const put = (key: string, ...values: number[]): Op => ({ type: 'put', key, value: bytes(...values) });
const all = [{ from: '', to: '\uffff' }];

let slots = 0;
const freshSlot = (): string => `test-${(slots += 1)}`;

test('what was stored is there after a restart', async () => {
  const slot = freshSlot();
  const store = await ProfileStore.open(slot);
  await store.store([put('a/1', 1), put('a/2', 2), { type: 'delete', key: 'a/1' }]);
  store.close();
  const again = await ProfileStore.open(slot);
  expect(await again.load(all)).toEqual([{ key: 'a/2', value: bytes(2) }]);
});

test('a load is the union of its ranges in the order of keys, without their ends', async () => {
  const store = await ProfileStore.open(freshSlot());
  await store.store(['b', 'a', 'c', 'd', 'e'].map((key) => put(key, 0)));
  const ranges = [
    { from: 'c', to: 'e' },
    { from: 'a', to: 'b' },
    { from: 'a', to: 'd' },
    { from: 'x', to: 'x' },
  ];
  const keys = (await store.load(ranges)).map((entry) => entry.key);
  expect(keys).toEqual(['a', 'b', 'c', 'd']);
});

test('an earlier owner neither writes nor reads any more', async () => {
  const slot = freshSlot();
  const earlier = await ProfileStore.open(slot);
  await earlier.store([put('k', 1)]);
  const later = await ProfileStore.open(slot);
  await expect(earlier.store([put('k', 2)])).rejects.toMatchObject({ failure: 'taken_over' });
  await expect(earlier.load(all)).rejects.toMatchObject({ failure: 'taken_over' });
  await later.store([put('l', 3)]);
  expect(await later.load(all)).toEqual([
    { key: 'k', value: bytes(1) },
    { key: 'l', value: bytes(3) },
  ]);
});

test('a store that fails leaves nothing of itself', async () => {
  const store = await ProfileStore.open(freshSlot());
  const unstorable = { type: 'put', key: 'b', value: () => {} } as unknown as Op;
  await expect(store.store([put('a', 1), unstorable])).rejects.toMatchObject({ failure: 'broken' });
  expect(await store.load(all)).toEqual([]);
});

test('a store after the database was closed tells that it failed', async () => {
  const store = await ProfileStore.open(freshSlot());
  store.close();
  await expect(store.store([put('a', 1)])).rejects.toMatchObject({ failure: 'broken' });
});

test('a slot is empty until something is stored, and after it was removed', async () => {
  const slot = freshSlot();
  const store = await ProfileStore.open(slot);
  expect(await isEmptyStore(slot)).toBe(true);
  await store.store([put('a', 1)]);
  expect(await isEmptyStore(slot)).toBe(false);
  store.close();
  await deleteStore(slot);
  expect(await isEmptyStore(slot)).toBe(true);
});
