// Browser journeys: real tablets against a real relay. Owns how the browser is started; the relay's
// binary comes from SATCHEL_BIN, the browser from CHROMIUM.

import { defineConfig } from '@playwright/test';

/** Nothing that would reach out by itself. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // Each journey has a relay of its own; more at once only make all of them slow.
  workers: 1,
  // A loaded machine may be too slow once; the report then says 'flaky'.
  retries: process.env['CI'] === undefined ? 0 : 1,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1024, height: 768 },
    actionTimeout: 20_000,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ARGS,
    },
  },
});
