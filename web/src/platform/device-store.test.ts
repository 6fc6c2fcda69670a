/** The list of profiles: empty slots go, slots with a vault stay whatever the list says. */

import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { deviceOf, signWith } from './device-keys';
import { DeviceStore } from './device-store';
import { ProfileStore } from './profile-store';

const LATER = 100_000;
/** Locks that are held elsewhere. */
const held = new Set<string>();

beforeEach(() => {
  held.clear();
  const request = (name: string, _options: unknown, work: (lock: unknown) => unknown): unknown =>
    work(held.has(name) ? null : {});
  vi.stubGlobal('navigator', { locks: { request } });
});

test('a slot counts as a profile once it has joined, and keeps its names', async () => {
  const device = await DeviceStore.open();
  const slot = await device.addSlot(0);
  expect(await device.profiles()).toEqual([]);
  await device.markJoined(slot, 'Ada', 'Harbour');
  await device.markJoined(slot, '', '');
  const record = { slot, name: 'Ada', agency: 'Harbour', createdAt: 0, joined: true };
  expect(await device.profiles()).toEqual([record]);
});

test('only slots that stayed empty are removed', async () => {
  const device = await DeviceStore.open();
  const empty = await device.addSlot(0);
  const young = await device.addSlot(LATER - 1);
  const open = await device.addSlot(0);
  held.add(`satchel:${open}`);
  const kept = await device.addSlot(0);
  const crashed = await device.addSlot(0);
  const store = await ProfileStore.open(crashed);
  await store.store([{ type: 'put', key: 'vault', value: new Uint8Array(1) }]);
  store.close();

  await device.removeEmptySlots(LATER, kept);
  const there = await Promise.all([empty, young, open, kept, crashed].map((s) => device.has(s)));
  expect(there).toEqual([false, true, true, true, true]);
  expect((await device.profiles()).map(({ slot }) => slot)).toContain(crashed);
  expect(await device.keys(empty)).toBeUndefined();
});

test('keys survive in storage and cannot be exported', async () => {
  const device = await DeviceStore.open();
  const slot = await device.addSlot(0);
  const keys = await device.keys(slot);
  if (keys === undefined) throw new Error('no keys');
  const { secret, transport } = await deviceOf(keys);
  expect([secret.length, transport.length]).toEqual([32, 32]);
  expect(await deviceOf(keys)).toEqual({ secret, transport });

  const message = new TextEncoder().encode('message');
  const signature = await signWith(keys, message);
  const key = await crypto.subtle.importKey('raw', new Uint8Array(transport), 'Ed25519', true, ['verify']);
  expect(await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), message)).toBe(true);
  await expect(crypto.subtle.exportKey('raw', keys.secret)).rejects.toThrow();
  await expect(crypto.subtle.exportKey('pkcs8', keys.transport.privateKey)).rejects.toThrow();
});
