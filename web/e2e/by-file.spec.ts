/**
 * Two tablets with no network to each other: what both wrote crosses in files that each saves and the
 * other takes in, and when the relay is back nothing is there twice.
 */

import type { Page } from '@playwright/test';
import { expect } from './fixtures';
import { ADA, BEN, test } from './pair';
import { openCase, statusSays, toCases, toPart, writeNote, setField } from './people';

const RECONNECT_MS_MAX = 60_000;

test('work crosses by files on a stick', async ({ pair }) => {
  test.setTimeout(240_000);
  const { ada, ben } = pair;
  await pair.atCase();
  await pair.apart();

  await writeNote(ada, 'Ada met Rosa at the gate.');
  await toPart(ben, 'person');
  await setField(ben, 'location', 'Unit 4');

  const fromAda = await made(ada);
  await test.step('Ben sees whose file it is, and takes it in', async () => {
    await taken(ben, fromAda, ADA);
    await openCase(ben, 'Rosa Quill');
    await expect(ben.getByTestId('note').filter({ hasText: 'Ada met Rosa' })).toBeVisible();
  });
  const fromBen = await made(ben);
  expect(fromBen.length).toBeLessThan(fromAda.length);
  await test.step('and the answer holds only what is new for Ada', async () => {
    await taken(ada, fromBen, BEN);
    await openCase(ada, 'Rosa Quill');
    await toPart(ada, 'person');
    await expect(ada.getByTestId('field-location').locator('.value')).toHaveText('Unit 4');
  });
  await test.step('a damaged copy is named', async () => {
    const bad = Buffer.from(fromBen);
    bad[bad.length - 5] = (bad[bad.length - 5] ?? 0) ^ 1;
    await toExchange(ada);
    await ada.locator('input[type=file]').setInputFiles({ name: 'bad.satchel', mimeType: 'application/octet-stream', buffer: bad });
    await expect(ada.getByTestId('exchange-file')).toContainText('damaged');
  });
  await pair.together();
  for (const page of pair.both) {
    await statusSays(page, 'All sent', RECONNECT_MS_MAX);
    await openCase(page, 'Rosa Quill');
    await expect(page.getByTestId('note').filter({ hasText: 'Ada met Rosa' })).toHaveCount(1);
    await toPart(page, 'person');
    await expect(page.getByTestId('field-location').locator('.value')).toHaveText('Unit 4');
  }
});

async function toExchange(page: Page): Promise<void> {
  await toCases(page);
  await page.getByRole('link', { name: 'More', exact: true }).click();
  await page.getByRole('link', { name: 'Exchange by file' }).click();
}

/** The file that somebody saves. */
async function made(page: Page): Promise<Buffer> {
  await toExchange(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the file' }).click();
  const stream = await (await download).createReadStream();
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  await expect(page.getByTestId('exchange-make').getByRole('status')).toContainText('.satchel');
  return Buffer.concat(pieces);
}

async function taken(page: Page, buffer: Buffer, by: string): Promise<void> {
  await toExchange(page);
  await page.locator('input[type=file]').setInputFiles({ name: 'stick.satchel', mimeType: 'application/octet-stream', buffer });
  await expect(page.getByTestId('exchange-file')).toContainText(by);
  await expect(page.getByTestId('exchange-fresh')).toContainText('in 1 case');
  const shots = process.env['SHOTS'];
  if (shots !== undefined) await page.screenshot({ path: `${shots}/exchange.png` });
  await page.getByRole('button', { name: 'Take it in' }).click();
  await expect(page.getByTestId('exchange-taken')).toContainText('in 1 case');
}
