/**
 * Visits and what follows from them, without a network: an ordinary visit counted in taps, one that
 * goes on after a reload at each step and a power cut, and the way from an empty case to its line in the
 * report, which a colleague reads on another tablet in the end.
 */

import type { Locator, Page } from '@playwright/test';
import { expect, keptForOffline, test } from './fixtures';
import { addRecord, invite, join, newCase, openCase, pathOf, setUp, statusSays, toPart, unlock } from './people';

const RECONNECT_MS_MAX = 60_000;

/** Counts what a thumb does. */
class Thumb {
  taps = 0;
  async tap(where: Locator): Promise<void> {
    await where.click();
    this.taps += 1;
  }
}

const at = (page: Page, step: string): Promise<void> => expect(page.getByTestId('visit-step')).toHaveAttribute('data-step', step);
const on = (page: Page): Locator => page.getByTestId('visit-on');

/** A line across the sheet. */
async function draw(page: Page): Promise<void> {
  const sheet = page.getByTestId('signature');
  await sheet.scrollIntoViewIfNeeded();
  const box = await sheet.boundingBox();
  if (box === null) throw new Error('no sheet to draw on');
  await page.mouse.move(box.x + 30, box.y + 40);
  await page.mouse.down();
  for (let n = 1; n <= 8; n += 1) await page.mouse.move(box.x + 30 + n * 20, box.y + 40 + (n % 2) * 30);
  await page.mouse.up();
}

test('from an empty case to its line in the report, offline, and read on a second tablet', async ({ relay, tablet }) => {
  test.setTimeout(240_000);
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await newCase(ada, { 'First name': 'Rosa', 'Last name': 'Quill' });
  await statusSays(ada, 'All sent');
  const ben = await tablet(pathOf(await invite(ada, 'Ben Worker', true)));
  await join(ben);
  await openCase(ben, 'Rosa Quill');
  for (const page of [ada, ben]) await keptForOffline(page);
  await statusSays(ben, 'All sent');
  await relay.stop();
  for (const page of [ada, ben]) await page.context().setOffline(true);
  await statusSays(ben, 'offline');

  await test.step('the case gets its standard, its worker and a medicine', async () => {
    await ben.getByTestId('case-state').getByText('Change state or acuity').click();
    await ben.getByTestId('case-state').getByRole('button', { name: 'Make active' }).click();
    await expect(ben.getByTestId('case-state').locator('.badge').first()).toHaveText('Active');
    await ben.getByTestId('case-state').getByRole('link', { name: 'Edit' }).click();
    await ben.getByLabel(/^Acuity/).selectOption('1');
    await ben.getByLabel(/^Opened on/).fill('2026-01-05');
    await ben.getByRole('button', { name: 'Save' }).click();
    await toPart(ben, 'access');
    await ben.getByTestId('add-assignment').click();
    await ben.getByLabel(/^As what/).selectOption('primary');
    await ben.getByRole('button', { name: 'Save' }).click();
    await expect(ben.getByTestId('record-form')).toHaveCount(0);
    await addRecord(ben, 'medication', { 'Name, as on the package': 'Metformin' });
    await ben.getByRole('link', { name: 'Today', exact: true }).click();
    await expect(ben.getByTestId('today-overdue').getByTestId('today-row')).toContainText('Contact due');
  });

  const thumb = new Thumb();
  await test.step('an ordinary visit, counted in taps from the day on', async () => {
    await thumb.tap(ben.getByTestId('today-overdue').getByTestId('today-row'));
    await thumb.tap(ben.getByTestId('visit-begin'));
    await at(ben, 'checklist');
    await thumb.tap(ben.getByText('Safety at home and around'));
    await thumb.tap(ben.getByText('Needs, old and new'));
    await thumb.tap(on(ben));
    await at(ben, 'form');
    await thumb.tap(on(ben));
    await at(ben, 'medicines');
    await thumb.tap(ben.getByTestId('taking').getByRole('button', { name: 'Yes, as prescribed' }));
    await thumb.tap(on(ben));
    await at(ben, 'note');
    await expect(ben.locator('#note-text')).toHaveValue(/Safety at home and around, Needs[^]*Metformin: Yes/);
    await thumb.tap(on(ben));
    await at(ben, 'next');
    await thumb.tap(ben.getByRole('button', { name: 'In 1 week' }));
    await expect(ben.getByTestId('overlaps')).toContainText('This time is free');
    await thumb.tap(on(ben));
    await at(ben, 'signature');
    await draw(ben);
    thumb.taps += 1;
    await thumb.tap(on(ben));
    await at(ben, 'end');
    await expect(ben.getByTestId('evv')).toContainText('All that a verified visit has to say is there');
    await thumb.tap(on(ben));
    await expect(ben.getByTestId('toast')).toContainText('ended and saved on this tablet');
    console.log(`an ordinary visit: ${thumb.taps} taps`);
    expect(thumb.taps).toBeLessThanOrEqual(18);
  });

  await test.step('the day and the report know it', async () => {
    await ben.getByRole('link', { name: 'Today', exact: true }).click();
    await expect(ben.getByTestId('today-ahead').getByTestId('today-row').filter({ hasText: 'Contact due' })).toBeVisible();
    await expect(ben.getByTestId('today-overdue')).toHaveCount(0);
    await ben.getByRole('link', { name: 'Reports' }).click();
    const line = ben.getByTestId('report-row').filter({ hasText: 'Ben Worker' });
    await expect(line.locator('[data-column=made]')).toHaveText('1');
    await expect(line.locator('[data-column=notes]')).toHaveText('1/1');
    const saved = ben.waitForEvent('download');
    await ben.getByRole('button', { name: 'Save as CSV' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^report-.*\.csv$/);
  });

  await test.step('all of it is on the second tablet', async () => {
    await relay.start();
    for (const page of [ben, ada]) await page.context().setOffline(false);
    await statusSays(ben, 'All sent', RECONNECT_MS_MAX);
    await openCase(ada, 'Rosa Quill');
    await toPart(ada, 'visits');
    const visit = ada.getByTestId('record').filter({ hasText: 'In person' });
    await expect(visit).toHaveAttribute('data-state', 'completed', { timeout: RECONNECT_MS_MAX });
    await expect(visit).toContainText('Safety at home and around');
    await expect(visit.getByTestId('signature').locator('path').last()).toHaveAttribute('d', /^M\d+ \d+L/);
    await ada.goto(`${relay.url}/#/reports`);
    await expect(ada.getByTestId('report-row').filter({ hasText: 'Ben Worker' }).locator('[data-column=made]')).toHaveText('1');
  });
});

test('a visit goes on where it was, after a reload at each step and a power cut', async ({ relay, durableTablet }) => {
  test.setTimeout(300_000);
  const machine = durableTablet();
  let page = await machine.start();
  await page.goto(relay.setupLink);
  await setUp(page, 'North Shelter', 'Ada Admin');
  await newCase(page, { 'First name': 'Rosa' });
  await addRecord(page, 'medication', { 'Name, as on the package': 'Metformin' });
  await toPart(page, 'visits');
  await page.getByTestId('visit-start').click();
  await page.getByTestId('visit-begin').click();
  await at(page, 'checklist');
  const address = page.url();

  const cut = async (step: string): Promise<void> => {
    if (step === 'note') {
      await machine.cutPower();
      page = await machine.start();
      await page.goto(address);
    } else await page.reload();
    await unlock(page);
    await at(page, step);
  };
  await cut('checklist');
  await page.getByText('Safety at home and around').click();
  await on(page).click();
  await at(page, 'form');
  await cut('form');
  await on(page).click();
  await at(page, 'medicines');
  await cut('medicines');
  await page.getByTestId('taking').getByRole('button', { name: 'Differently' }).click();
  await on(page).click();
  await at(page, 'note');
  await page.locator('#note-text').fill('She was glad.');
  await expect(page.getByTestId('draft-state')).toContainText('Draft kept');
  await cut('note');
  await expect(page.locator('#note-text')).toHaveValue('She was glad.');
  await on(page).click();
  await at(page, 'next');
  await cut('next');
  await page.getByRole('button', { name: 'Skip' }).click();
  await at(page, 'signature');
  await cut('signature');
  await page.getByRole('button', { name: 'Name typed and agreed' }).click();
  await page.getByText('I am this person').click();
  await on(page).click();
  await at(page, 'end');
  await cut('end');
  await page.getByRole('link', { name: 'Today', exact: true }).click();
  await page.getByTestId('today-begun').getByTestId('today-row').click();
  await at(page, 'end');
  await on(page).click();
  await expect(page.getByTestId('toast')).toContainText('ended and saved on this tablet');
  await page.goto(`${relay.url}/#/today`);
  await expect(page.getByTestId('today-begun')).toHaveCount(0);
});
