/** Addresses of the relay's socket. */

import { expect, test } from 'vitest';
import { syncAddress } from './relay-socket';

test.each([
  ['http://10.0.0.2:7070', 'ws://10.0.0.2:7070/sync'],
  ['https://relay.example', 'wss://relay.example/sync'],
  ['https://relay.example/', 'wss://relay.example/sync'],
])('%s', (url, expected) => {
  expect(syncAddress(url)).toBe(expected);
});
