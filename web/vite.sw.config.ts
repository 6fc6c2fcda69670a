// The service worker's build: runs after the app's, since its list of files to keep is what that
// build has made. Owns the rule of what is kept for offline use: everything the app may load.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { defineConfig } from 'vite';

const dist = join(import.meta.dirname, 'dist');

/** A file whose name holds its hash needs no revision. */
const HASHED = /^assets\/.*-[\w-]{8}\.\w+$/;
const NOT_KEPT = /(^sw\.js|\.br|\.gz|\.map)$/;

interface Kept {
  url: string;
  revision: string | null;
}

function kept(): Kept[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !NOT_KEPT.test(path))
    .sort()
    .map((path) => {
      const hash = createHash('sha256').update(readFileSync(join(dist, path))).digest('hex');
      // The start page is kept under the address by which people come.
      const url = path === 'index.html' ? '/' : `/${path}`;
      return { url, revision: HASHED.test(path) ? null : hash.slice(0, 16) };
    });
}

export default defineConfig(() => ({
  publicDir: false as const,
  define: {
    __KEPT__: JSON.stringify(kept()),
    'process.env.NODE_ENV': JSON.stringify('production'),
  },
  build: {
    emptyOutDir: false,
    modulePreload: false,
    target: ['chrome137', 'firefox130', 'safari18.4'],
    rolldownOptions: {
      input: 'src/sw/service-worker.ts',
      output: { entryFileNames: 'sw.js', format: 'iife' as const, codeSplitting: false },
    },
  },
}));
