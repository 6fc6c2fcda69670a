// Draws the icons' PNG forms from public/icon.svg with the browser that the journeys use. Run by
// hand when the drawing changes: `node scripts/icons.mjs`.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

const folder = join(import.meta.dirname, '..', 'public');
const drawing = readFileSync(join(folder, 'icon.svg'), 'utf8');
// A maskable icon may lose its corners and a tenth of each side.
const maskable = drawing.replace('rx="96" ', '').replace(/(<path d="M186[\s\S]*)<\/svg>/, '<g transform="translate(64 64) scale(.75)">$1</g></svg>');

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();
for (const [name, size, svg] of [
  ['icon-192.png', 192, drawing],
  ['icon-512.png', 512, drawing],
  ['icon-maskable-512.png', 512, maskable],
]) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  writeFileSync(join(folder, name), await page.screenshot({ omitBackground: true }));
}
await browser.close();
