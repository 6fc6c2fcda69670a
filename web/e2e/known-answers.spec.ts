/** The core as the browser gets it computes what it computes elsewhere. */

import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { initSync, stretch_floor } from '../src/generated/wasm/satchel_wasm';

test('Argon2id at the cost of the cheapest vault', async () => {
  const wasm = new URL('../src/generated/wasm/satchel_wasm_bg.wasm', import.meta.url);
  initSync({ module: new Uint8Array(await readFile(wasm)) });
  const key = stretch_floor('password', new TextEncoder().encode('somesalt'));
  // As in core/src/known_answers.rs.
  const expected = '3cbd356a63f2794bb11bb1f4bc8af95fea87919bd69c79860465c562f87ccf61';
  expect(Buffer.from(key ?? []).toString('hex')).toBe(expected);
  expect(stretch_floor('password', new Uint8Array(3))).toBeUndefined();
});
