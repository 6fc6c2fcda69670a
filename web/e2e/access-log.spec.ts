/**
 * What an agency checks: an admin sets a rule and it holds on a worker's tablet, and what the worker
 * looked at is told to the admin, by case, and to nobody else.
 */

import { expect, test } from './fixtures';
import { invite, join, lock, newCase, openCase, pathOf, setUp, statusSays, toPart, unlock } from './people';

const ARRIVES_MS_MAX = 60_000;

test('a rule reaches the other tablet, and who looked is told to those who lead', async ({ relay, tablet }) => {
  test.setTimeout(240_000);
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await statusSays(ada, 'All sent');
  await newCase(ada, { 'First name': 'Rosa', 'Last name': 'Quill' });
  await statusSays(ada, 'All sent');
  const link = await invite(ada, 'Ben Worker', true);
  const ben = await tablet(pathOf(link));
  await join(ben);
  await expect(ben.getByTestId('case-row').filter({ hasText: 'Rosa Quill' })).toBeVisible();

  await test.step('a wrong number is refused in words, a right one holds for Ben too', async () => {
    await ada.getByRole('link', { name: 'Team', exact: true }).click();
    await ada.getByRole('link', { name: 'Agency rules' }).click();
    const rule = ada.locator('[data-rule=auto_lock_minutes]');
    await rule.getByLabel('Minutes').fill('99');
    await ada.getByRole('button', { name: 'Save the rules' }).click();
    await expect(rule.getByText('enter a whole number from 2 to 30')).toBeVisible();
    await rule.getByLabel('Minutes').fill('12');
    await ada.getByRole('button', { name: 'Save the rules' }).click();
    await expect(rule.getByTestId('value')).toHaveText('after 12 minutes');
    await ben.getByRole('link', { name: 'Team', exact: true }).click();
    // Only those who lead or audit are shown the way to the log.
    await expect(ben.getByRole('link', { name: 'Who looked' })).toHaveCount(0);
    await ben.getByRole('link', { name: 'Agency rules' }).click();
    const his = ben.locator('[data-rule=auto_lock_minutes]');
    await expect(his.getByTestId('value')).toHaveText('after 12 minutes', { timeout: ARRIVES_MS_MAX });
    await expect(his).toContainText('Set by Ada Admin');
    await expect(ben.getByRole('button', { name: 'Save the rules' })).toHaveCount(0);
  });

  await test.step('Ben looks at the case and locks; Ada is told', async () => {
    await openCase(ben, 'Rosa Quill');
    await lock(ben);
    await openCase(ada, 'Rosa Quill');
    await toPart(ada, 'access');
    await ada.getByRole('link', { name: 'Who looked at this case' }).click();
    const log = ada.getByTestId('log');
    const his = log.locator('[data-deed=view]').filter({ hasText: 'Ben Worker' });
    // It is asked for anew until it has come.
    await expect(async () => {
      await ada.getByLabel('What').selectOption('edit');
      await ada.getByLabel('What').selectOption('view');
      await expect(his).toHaveCount(1, { timeout: 1_000 });
    }).toPass({ timeout: ARRIVES_MS_MAX });
    await expect(his).toContainText('Ben Worker looked at Rosa Quill');
    await ada.getByRole('link', { name: 'Show all cases' }).click();
    await ada.getByLabel('Person').selectOption({ label: 'Ben Worker' });
    await ada.getByLabel('What').selectOption('');
    await expect(log.locator('li').first()).toContainText('Ben Worker');
    await expect(log.filter({ hasText: 'Ada Admin' })).toHaveCount(0);
  });

  await unlock(ben);
});
