// The app's build. Owns: every file of the app is a file of its own with a hash in its name (no
// inlined data, no injected scripts), since the Content Security Policy allows nothing else.

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: ['chrome137', 'firefox130', 'safari18.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  worker: { format: 'es' },
  server: { proxy: { '/sync': { target: 'http://127.0.0.1:7070', ws: true } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
