// The screens over the client without an engine, in a real browser: accessibility and behaviour.
// Needs no relay; the browser comes from CHROMIUM.

import { env } from 'node:process';
import { defineConfig } from '@playwright/test';

const PORT = 7311;

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../../test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: env['CI'] !== undefined,
  reporter: [['list']],
  webServer: {
    command: `npx vite --port ${PORT} --strictPort`,
    cwd: '../../..',
    url: `http://localhost:${PORT}/src/views/dev/index.html`,
  },
  use: {
    baseURL: `http://localhost:${PORT}/src/views/dev/index.html`,
    browserName: 'chromium',
    locale: 'en-US',
    viewport: { width: 1024, height: 768 },
    launchOptions: {
      executablePath: env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
