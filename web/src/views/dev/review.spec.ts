// The review, the calendar and the caseload's filters over a client without an engine: what a tap
// does, where the focus goes, and that nothing needs a colour or a drag.

import { expect, test, type Page } from '@playwright/test';

const complaints: string[] = [];
test.beforeEach(({ page }) => {
  complaints.length = 0;
  page.on('pageerror', (error) => complaints.push(error.message));
});
test.afterEach(() => expect(complaints).toEqual([]));

const card = (page: Page, rule: string) => page.getByTestId('finding').and(page.locator(`[data-rule='${rule}']`));

test('one tap settles a finding, which can be taken back', async ({ page }) => {
  await page.goto('?busy#/review');
  const visit = card(page, 'visit_logged_twice');
  await visit.getByRole('button', { name: 'They are the same' }).click();
  await expect(visit).toHaveCount(0);
  const settled = page.getByTestId('settled').filter({ hasText: 'Perhaps one visit' });
  await expect(settled).toContainText('They are the same: link them');
  await expect(settled).toContainText('Sam Rivera');
  await page.getByTestId('toast').getByRole('button', { name: 'Undo' }).click();
  await expect(visit).toHaveCount(1);
  await expect(settled).toHaveCount(0);
});

test('what was settled can be opened again from the list below', async ({ page }) => {
  await page.goto('?busy#/review');
  const field = card(page, 'two_addresses');
  await field.getByTestId('finding-side').filter({ hasText: '12 Harbour Road' }).getByRole('button').click();
  await expect(field).toHaveCount(0);
  await page.getByTestId('settled').getByRole('button', { name: 'Open it again' }).click();
  await expect(field).toHaveCount(1);
});

test('where a reason is needed the first tap leads to it', async ({ page }) => {
  await page.goto('?busy#/review');
  const interaction = card(page, 'interaction');
  await expect(interaction).toContainText('for a clinician to decide');
  await interaction.getByRole('button', { name: 'Pass it on' }).click();
  await expect(interaction.getByLabel('Why')).toBeFocused();
  await expect(interaction).toContainText('Say why first');
  await page.keyboard.type('Called Dr. Meyer at 10:15.');
  await interaction.getByRole('button', { name: 'Pass it on' }).click();
  await expect(interaction).toHaveCount(0);
  await expect(page.getByTestId('settled')).toContainText('Called Dr. Meyer at 10:15.');
  // The next one has the focus, not the whole page.
  await expect(page.getByTestId('finding').first().getByRole('heading')).toBeFocused();
});

test('what is reserved for others is shown without buttons', async ({ page }) => {
  await page.goto('?busy&role=worker#/review');
  const flag = card(page, 'flag_cleared_and_set');
  await expect(flag).toContainText('This is decided by: Supervisor');
  await expect(flag.getByRole('button')).toHaveCount(0);
});

test('an auditor reads and settles nothing', async ({ page }) => {
  await page.goto('?busy&role=auditor#/review');
  await expect(card(page, 'interaction')).toContainText('not settle it');
  await expect(page.locator('[data-testid=finding] button')).toHaveCount(0);
});

test('the gravest comes first and can be shown alone', async ({ page }) => {
  await page.goto('?busy#/review');
  await expect(page.getByTestId('finding').first().getByTestId('severity')).toHaveAttribute('data-severity', 'critical');
  await page.getByRole('button', { name: /^Soon \d/ }).click();
  await expect(page.getByTestId('finding').locator('[data-severity=critical]')).toHaveCount(0);
  await expect(page.getByTestId('review-count')).toContainText(/\d+ of \d+ shown/);
});

test('nothing is told of another case', async ({ page }) => {
  await page.goto('?busy#/review');
  const other = card(page, 'same_client_twice').getByTestId('finding-side').filter({ hasText: 'Another case' });
  await expect(other).toHaveText('Another case Nothing more may be shown here.');
});

test('with nothing to review that is what it says', async ({ page }) => {
  await page.goto('?cases=0#/review');
  await expect(page.getByTestId('review-none')).toBeVisible();
});

test('the calendar shows mine, then the team, and a tap opens the case', async ({ page }) => {
  await page.goto('?busy#/calendar');
  const entries = page.getByTestId('calendar-entry');
  await page.getByRole('button', { name: 'Day', exact: true }).click();
  await expect(entries).toHaveCount(4);
  await expect(page.getByTestId('clash')).toHaveCount(3);
  await expect(page.getByText('Travel 40 min')).toBeVisible();
  await page.getByRole('button', { name: 'Team', exact: true }).click();
  await expect(entries).toHaveCount(6);
  await page.getByRole('button', { name: 'Later' }).click();
  await expect(page.getByTestId('calendar-span')).toContainText('2 appointments');
  await entries.filter({ hasText: 'Intake' }).press('Enter');
  await expect(page).toHaveURL(/#\/case\//);
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Team', exact: true })).toHaveAttribute('aria-pressed', 'true');
});

test('on a phone a week is a list by day', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('?busy#/calendar');
  await expect(page.getByTestId('day')).toHaveCount(7);
  await expect(page.getByRole('heading', { level: 2 })).toHaveCount(7);
});

test('a new appointment begins with its case', async ({ page }) => {
  await page.goto('?busy#/calendar');
  await page.getByRole('button', { name: 'New appointment' }).click();
  await page.getByLabel('For which case?').fill('CN-012');
  const found = page.getByTestId('choose-case').getByRole('link');
  await expect(found).toHaveCount(1);
  await found.click();
  await expect(page).toHaveURL(/#\/case\/[0-9a-f]+\/record\/appointment$/);
});

test('the caseload can be cut down to what is flagged', async ({ page }) => {
  await page.goto('?#/');
  await page.getByRole('button', { name: /^Flagged \d/ }).click();
  await expect(page.getByText(/ of 350 cases/)).toBeVisible();
  await expect(page.getByTestId('case-row').filter({ hasNotText: /Dangerous animal|Violence/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await expect(page.getByTestId('case-row')).toHaveCount(50);
});
