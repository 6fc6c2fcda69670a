/**
 * Whoever guesses has to wait, and neither a killed browser nor the clock saves the wait; whoever
 * knows the passphrase can take another.
 */

import type { Page } from '@playwright/test';
import { expect, keptForOffline, test } from './fixtures';
import { PASSPHRASE, choosePassphrase, lock, newCase, setUp, unlock, unlockInVain, writeNote } from './people';

const WRONG = 'correct horse battery stable';
const OTHER = 'a lamp in every window';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const pause = (page: Page) => page.getByTestId('pause');
const unlockButton = (page: Page) => page.getByRole('button', { name: 'Unlock', exact: true });

test('wrong passphrases cost time that a killed browser does not give back', async ({ relay, durableTablet }) => {
  const tablet = durableTablet();
  let page = await tablet.start();
  await page.clock.install();
  await page.goto(relay.setupLink);
  await setUp(page, 'North Shelter', 'Ada Admin');
  await newCase(page, { 'First name': 'Rosa' });
  await writeNote(page, 'Before anybody guessed.');
  await keptForOffline(page);
  await lock(page);

  await test.step('two wrong ones are free, each further one costs more', async () => {
    for (const wait of [0, 0, 5 * SECOND, 15 * SECOND, MINUTE]) {
      await unlockInVain(page, WRONG);
      if (wait === 0) await expect(pause(page)).toHaveCount(0);
      else await waitOut(page, wait);
    }
    await unlockInVain(page, WRONG);
    await expect(pause(page)).toContainText('You can try again in');
    await expect(page.getByRole('status').filter({ hasText: 'try again in 5 minutes' })).toHaveCount(1);
    await expect(unlockButton(page)).toHaveAttribute('aria-disabled', 'true');
  });

  await test.step('the browser is killed and started again: the wait is still there', async () => {
    await tablet.cutPower();
    page = await tablet.start();
    await page.clock.install();
    await page.goto(relay.url);
    // The worker's clock was ahead before: now it is set back, and nothing is gained by that either.
    await expect(pause(page)).toContainText('minutes');
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await expect(unlockButton(page)).toHaveAttribute('aria-disabled', 'true');
  });

  await test.step('the engine keeps to it, whatever the screen thinks', async () => {
    await page.clock.fastForward(5 * MINUTE);
    await expect(pause(page)).toHaveCount(0);
    await unlockButton(page).click();
    await expect(pause(page)).toContainText('minutes');
  });

  await test.step('afterwards the right one opens it and nothing is left of it', async () => {
    await waitOut(page, 5 * MINUTE);
    await unlock(page);
    await page.getByTestId('case-row').click();
    await expect(page.getByTestId('note')).toContainText('Before anybody guessed.');
    await lock(page);
    await unlockInVain(page, WRONG);
    await expect(pause(page)).toHaveCount(0);
    await unlock(page);
  });
});

test('a passphrase is changed, once the old one is known', async ({ relay, tablet }) => {
  const page = await tablet(relay.setupLink);
  await setUp(page, 'North Shelter', 'Ada Admin');
  await newCase(page, { 'First name': 'Rosa' });
  await page.getByRole('link', { name: 'More' }).click();
  await page.getByRole('link', { name: 'Change your passphrase' }).click();
  const change = page.getByRole('button', { name: 'Change it' });

  await page.getByLabel('Your passphrase until now').fill(WRONG);
  await choosePassphrase(page, 'fourteen chars');
  await change.click();
  await expect(page.getByText('Too short: use at least 15 characters')).toBeVisible();
  await choosePassphrase(page, OTHER);
  await change.click();
  await expect(page.getByText('This passphrase does not open it')).toBeVisible();
  await page.getByLabel('Your passphrase until now').fill(PASSPHRASE);
  await change.click();
  await expect(page.getByTestId('toast')).toContainText('Your passphrase is changed');

  await page.reload();
  await unlockInVain(page, PASSPHRASE);
  await unlock(page, OTHER);
  await page.getByRole('link', { name: 'Cases', exact: true }).click();
  await expect(page.getByTestId('case-row')).toContainText('Rosa');
});

/** Time passes, for the screen and for the worker, whose clock is its own. */
async function waitOut(page: Page, ms: number): Promise<void> {
  await expect(pause(page)).toBeVisible();
  const [worker] = page.workers();
  await worker?.evaluate((later) => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + later;
  }, ms);
  await page.clock.fastForward(ms);
  await expect(pause(page)).toHaveCount(0);
}
