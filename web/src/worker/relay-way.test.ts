/** Who answers in the relay's place, and what a body of frames holds. */

import { expect, test } from 'vitest';
import { lineAddress, split } from './relay-line';
import { judge } from './relay-way';

test.each([
  ['basic', 200, '{"status":"ok","version":"0.1.0","protocol":1}', 'relay'],
  ['basic', 503, '{"code":"unavailable","message":"…"}', 'nobody'],
  ['basic', 502, '<html>Bad gateway</html>', 'nobody'],
  ['opaqueredirect', 0, '', 'somebody_else'],
  ['basic', 511, '<html>Sign in</html>', 'somebody_else'],
  ['basic', 200, '<html>Welcome to our guest network</html>', 'somebody_else'],
  ['basic', 200, '"ok"', 'somebody_else'],
  ['basic', 404, 'not found', 'somebody_else'],
] as const)('%s %i %s: %s', (type, status, body, expected) => {
  expect(judge(type, status, body)).toBe(expected);
});

test('a body is whole frames', () => {
  const bytes = (...all: number[]): Uint8Array => new Uint8Array(all);
  expect(split(bytes())).toEqual([]);
  expect(split(bytes(0, 0, 0, 1, 7, 0, 0, 0, 0, 0, 0, 0, 2, 8, 9))).toEqual([bytes(7), bytes(), bytes(8, 9)]);
  for (const torn of [bytes(0, 0, 0), bytes(0, 0, 0, 2, 7), bytes(255, 255, 255, 255, 7)]) {
    expect(() => split(torn)).toThrow();
  }
});

test('addresses', () => {
  expect(lineAddress('https://relay.example/')).toBe('https://relay.example/line');
});
