// Puts a .br and a .gz next to each file of the build, so that the relay compresses nothing while
// it serves. Refuses files that would not get smaller.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = join(import.meta.dirname, '..', 'dist');
const WORTH = /\.(html|js|css|wasm|svg|json|webmanifest|txt)$/;
const forms = {
  br: (bytes) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 22,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gz: (bytes) => gzipSync(bytes, { level: 9 }),
};

const totals = { raw: 0, br: 0, gz: 0 };
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !WORTH.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = readFileSync(path);
  totals.raw += bytes.length;
  for (const [end, compress] of Object.entries(forms)) {
    const small = compress(bytes);
    totals[end] += Math.min(small.length, bytes.length);
    if (small.length < bytes.length) writeFileSync(`${path}.${end}`, small);
    else rmSync(`${path}.${end}`, { force: true });
  }
}
const kb = (count) => `${Math.round(count / 1024)} KiB`;
console.log(`app: ${kb(totals.raw)}, gzip ${kb(totals.gz)}, brotli ${kb(totals.br)}`);
