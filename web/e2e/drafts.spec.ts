/**
 * What is typed and not saved yet: a power cut, a reload and a lock take none of it.
 */

import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { lock, setUp, toPart, unlock } from './people';

/** The screen says that what was typed is on the tablet's disk. */
const kept = (page: Page): Promise<void> => expect(page.getByTestId('draft-state')).toContainText('Draft kept');

test('half typed forms are there after a power cut, a reload and a lock', async ({ relay, durableTablet }) => {
  const tablet = durableTablet();
  let page = await tablet.start();
  await page.goto(relay.setupLink);
  await setUp(page, 'North Shelter', 'Ada Admin');

  await test.step('a new case, through a power cut', async () => {
    await page.getByRole('link', { name: 'New case' }).click();
    await page.getByLabel('First name').fill('Rosa');
    await page.getByText('More details').click();
    await page.getByLabel('Summary').fill('Came in the rain, with two children.');
    await kept(page);
    await tablet.cutPower();
    page = await tablet.start();
    await page.goto(relay.url);
    await unlock(page);
    await page.getByRole('link', { name: 'Go on with the new case' }).click();
    await expect(page.getByLabel('Summary')).toHaveValue('Came in the rain, with two children.');
    await page.getByRole('button', { name: 'Create case' }).click();
    await expect(page.getByRole('heading', { name: 'Rosa' })).toBeVisible();
  });

  await test.step('a record, through a reload', async () => {
    await toPart(page, 'medications');
    await page.getByTestId('add-medication').click();
    await page.getByLabel('Name, as on the package').fill('Metformin');
    await kept(page);
    await page.reload();
    await unlock(page);
    await expect(page.getByLabel('Name, as on the package')).toHaveValue('Metformin');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByTestId('record').filter({ hasText: 'Metformin' })).toBeVisible();
  });

  await test.step('a change of a note, through a lock in mid-word', async () => {
    await toPart(page, 'overview');
    await page.getByTestId('write-note').click();
    await page.locator('#note-text').fill('She called.');
    await page.getByRole('button', { name: 'Save, sign later' }).click();
    await page.getByTestId('note').getByRole('link', { name: 'Edit' }).click();
    await page.locator('#note-text').fill('She called tw');
    await lock(page);
    await unlock(page);
    await expect(page.locator('#note-text')).toHaveValue('She called tw');
    await page.locator('#note-text').fill('She called twice.');
    await page.getByRole('button', { name: 'Save the change' }).click();
    await expect(page.getByTestId('note')).toContainText('She called twice.');
  });

  await test.step('what was saved left nothing behind, and Back leads to no form', async () => {
    await page.reload();
    await unlock(page);
    await expect(page.getByTestId('note')).toHaveCount(1);
    await expect(page.getByTestId('begun')).toHaveCount(0);
    await page.goBack();
    await expect(page.getByTestId('tab-medications')).toHaveAttribute('aria-current', 'page');
  });
});
