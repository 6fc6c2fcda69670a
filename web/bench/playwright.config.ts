// Measurements in a browser, run by `cargo xtask bench --browser`: nothing here can fail by being slow.

import { defineConfig } from '@playwright/test';
import journeys from '../e2e/playwright.config';

export default defineConfig({
  ...journeys,
  testDir: '.',
  testMatch: '*.bench.ts',
  timeout: 0,
  retries: 0,
  use: { ...journeys.use, trace: 'off' },
});
