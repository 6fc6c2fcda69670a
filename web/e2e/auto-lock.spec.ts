/**
 * A tablet that nobody is at locks itself: it says so before, one tap keeps it open, and what was
 * being written is there again after unlocking.
 */

import { expect, test } from './fixtures';
import { newCase, setUp, statusSays, unlock } from './people';

const MINUTE = 60_000;

test('an unattended tablet warns, locks, and keeps what was being written', async ({ relay, tablet }) => {
  const page = await tablet();
  await page.clock.install();
  // So that the app finds this clock from the start.
  await page.reload();
  await page.goto(relay.setupLink);
  await setUp(page, 'North Shelter', 'Ada Admin');
  await newCase(page, { 'First name': 'Rosa' });
  await statusSays(page, 'All sent');
  await page.getByTestId('write-note').click();
  await page.locator('#note-text').fill('Half a thou');
  const warning = page.getByTestId('lock-warning');

  await test.step('a minute before, it says so, and one tap keeps it open', async () => {
    await page.clock.fastForward(3 * MINUTE);
    await expect(warning).toHaveCount(0);
    await page.clock.fastForward(MINUTE);
    await expect(warning).toContainText('It locks in');
    await expect(page.getByRole('alert').filter({ hasText: 'It locks in 1 minute' })).toHaveCount(1);
    // As a screen reader does it: without a pointer or a key.
    await warning.getByRole('button', { name: 'I am here' }).dispatchEvent('click');
    await expect(warning).toHaveCount(0);
    await page.clock.fastForward(4 * MINUTE);
    await expect(warning).toBeVisible();
    // Any sign of a person does.
    await page.locator('#note-text').press('End');
    await expect(warning).toHaveCount(0);
    await page.clock.fastForward(3 * MINUTE);
    await expect(page.locator('#note-text')).toHaveValue('Half a thou');
    await expect(warning).toHaveCount(0);
  });

  await test.step('nobody is there: it locks, and shows nothing of what it was at', async () => {
    await page.locator('#note-text').press('End');
    await page.locator('#note-text').pressSequentially('ght');
    await page.clock.fastForward(4 * MINUTE);
    await expect(warning).toBeVisible();
    await page.clock.fastForward(MINUTE);
    await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
    expect(await page.content()).not.toContain('Half a thou');
  });

  await test.step('after unlocking it is there again, to go on with', async () => {
    await unlock(page);
    await expect(page.locator('#note-text')).toHaveValue('Half a thought');
  });
});
