// What the case's page promises: forms that lose nothing, a way back after each deed, states in words,
// and notes that are signed, added to and struck.

import { expect, test, type Page } from '@playwright/test';
import { idOf } from './fake-ids';

const complaints: string[] = [];

test.beforeEach(({ page }) => {
  complaints.length = 0;
  page.on('pageerror', (error) => complaints.push(error.message));
});
test.afterEach(() => expect(complaints).toEqual([]));

const CASE = `#/case/${idOf(5)}`;
const card = (page: Page, kind: string, title: string) => page.getByTestId(`records-${kind}`).getByTestId('record').filter({ has: page.getByRole('heading', { name: title }) });
const note = (page: Page, text: string) => page.getByTestId('note').filter({ hasText: text });

test('a record is added, what is missing is said at its field, and it can be taken back', async ({ page }) => {
  await page.goto(`?${CASE}/medications`);
  await page.getByTestId('add-medication').click();
  await page.getByLabel('Dose').fill('500 mg');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByLabel('Name, as on the package')).toBeFocused();
  await expect(page.locator('.error')).toContainText('Fill in: Name, as on the package');
  await page.getByLabel('Name, as on the package').fill('Metformin');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(card(page, 'medication', 'Metformin')).toContainText('500 mg');
  await expect(card(page, 'medication', 'Metformin')).toContainText('not checked');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card(page, 'medication', 'Metformin')).toHaveCount(0);
  await expect(page.getByTestId('toast')).toContainText('Undone');
});

test('what is typed into a form outlives the lock', async ({ page }) => {
  await page.goto(`?${CASE}/record/relation`);
  await page.getByLabel('Name').fill('Mrs. Petr');
  await page.getByLabel('Relation').selectOption('agency');
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill('several words');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByLabel('Name')).toHaveValue('Mrs. Petr');
  await expect(page.getByText('It is not saved yet')).toBeVisible();
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect(page.getByLabel('Name')).toHaveValue('');
  await page.getByLabel('Name').fill('Mrs. Petrov');
  await page.getByLabel('Relation').selectOption('agency');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(card(page, 'relation', 'Mrs. Petrov, Agency')).toBeVisible();
});

test('why something ended is asked when it ends, not in its form', async ({ page }) => {
  await page.goto(`?${CASE}/record/medication`);
  await expect(page.getByLabel('Dose')).toBeVisible();
  await expect(page.getByLabel('Why it was stopped')).toHaveCount(0);
  await page.goto(`?${CASE}/medications`);
  await card(page, 'medication', 'Demerol').getByRole('button', { name: 'Stop' }).click();
  await page.getByLabel('Why it was stopped').fill('Too slee');
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill('several words');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByLabel('Why it was stopped')).toHaveValue('Too slee');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByLabel('Why it was stopped')).toHaveCount(0);
});

test('an appointment’s end goes along with its start, and an end before it is refused', async ({ page }) => {
  await page.goto(`?${CASE}/record/appointment`);
  await expect(page.getByLabel('Who', { exact: true }).locator('option:checked')).toHaveText('Sam Rivera (you)');
  await page.getByLabel('What', { exact: true }).fill('Eye doctor');
  await page.getByLabel('Start').fill('2027-03-01T09:30');
  await expect(page.getByLabel('End')).toHaveValue('2027-03-01T10:30');
  await page.getByLabel('End').fill('2027-03-01T08:00');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.error')).toContainText('choose a time after the start');
  await page.getByLabel('End').fill('2027-03-01T10:00');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(card(page, 'appointment', 'Eye doctor')).toContainText('Mon, Mar 1, 2027, 10:00 AM');
});

test('a medication is stopped with a reason and taken again', async ({ page }) => {
  await page.goto(`?${CASE}/medications`);
  await card(page, 'medication', 'Demerol').getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByLabel('Why it was stopped')).toBeFocused();
  await page.keyboard.type('Too sleepy');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('toast')).toContainText('Stopped');
  await page.getByText('2 earlier entries').click();
  await expect(card(page, 'medication', 'Demerol')).toContainText('Too sleepy');
  await card(page, 'medication', 'Demerol').getByRole('button', { name: 'Taken again' }).click();
  await expect(card(page, 'medication', 'Demerol')).toHaveAttribute('data-state', 'active');
});

test('an earlier value is used again', async ({ page }) => {
  await page.goto(`?${CASE}/medications`);
  const one = card(page, 'medication', 'Demerol');
  await one.getByText('More').click();
  await one.getByRole('button', { name: 'Earlier values: How often' }).click();
  await page.getByTestId('history').getByRole('button', { name: 'Use this value again' }).click();
  await expect(page.getByTestId('history')).toHaveCount(0);
  await expect(one).toContainText('when in pain (before)');
});

test('a confidential address is shown on request alone', async ({ page }) => {
  await page.goto(`?${CASE}/person`);
  const one = card(page, 'address', 'Confidential, hidden');
  await expect(one).not.toContainText('Mill Lane');
  await one.getByRole('button', { name: 'Show: Address' }).click();
  await expect(one).toContainText('40 Mill Lane');
});

test('the flags that stand are on every part of the page, one that people disagree about too', async ({ page }) => {
  await page.goto(`?${CASE}/tasks`);
  await expect(page.getByTestId('flags').getByRole('listitem')).toHaveText(['Violence', 'Confidential address']);
});

test('the state of a case is changed in one place', async ({ page }) => {
  await page.goto(`?${CASE}`);
  await page.getByText('Change state or acuity').click();
  await page.getByTestId('case-state').getByRole('button', { name: 'Make active' }).click();
  await expect(page.getByTestId('case-state').locator('.badge').first()).toHaveText('Active');
  await page.getByTestId('case-state').getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel(/^Acuity/).selectOption('1');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('case-state')).toContainText('Acuity 1 (highest)');
});

test('a note in sections: its draft, another format, a late entry, signed later', async ({ page }) => {
  await page.goto(`?#/case/${idOf(3)}/note`);
  await page.getByLabel('Format').selectOption('soap');
  await page.getByLabel(/^Subjective/).fill('“Better.”');
  await page.getByLabel(/^Plan/).fill('Call on Monday.');
  await expect(page.getByTestId('draft-state')).toContainText('Draft kept');
  await page.getByRole('link', { name: /^Back to/ }).click();
  await expect(page.getByTestId('draft')).toContainText('“Better.” · Call on Monday.');
  await page.getByTestId('write-note').click();
  await expect(page.getByLabel(/^Plan/)).toHaveValue('Call on Monday.');
  await page.getByLabel('Format').selectOption('dap');
  await expect(page.getByLabel(/^Data/)).toHaveValue('“Better.”');
  await page.getByText('Late entry, second signature').click();
  await page.getByLabel('This happened at').fill('2026-01-02T09:00');
  await page.getByRole('button', { name: 'Save, sign later' }).click();
  const written = note(page, '“Better.”');
  await expect(written).toContainText('Not signed yet');
  await expect(written).toContainText('Late entry, written');
  await written.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel(/^Assessment/).fill('On the way up.');
  await page.getByRole('button', { name: 'Save the change' }).click();
  await expect(note(page, 'On the way up.')).toBeVisible();
  await note(page, 'On the way up.').getByRole('button', { name: 'Sign' }).click();
  await expect(note(page, 'On the way up.')).toContainText('Signed by Sam Rivera');
});

test('a signed note is added to, and struck with a reason', async ({ page }) => {
  await page.goto(`?#/case/${idOf(1)}`);
  const first = page.getByTestId('note').first();
  await first.getByText('More').click();
  await first.getByRole('link', { name: 'Add to it' }).click();
  await page.getByLabel('What happened').fill('It was the 15th.');
  await page.getByRole('button', { name: 'Sign and save' }).click();
  await expect(page.getByTestId('note').filter({ hasText: 'Addendum' }).last()).toContainText('It was the 15th.');
  await first.getByText('More').first().click();
  await first.getByRole('button', { name: 'Strike as an error' }).first().click();
  await first.getByRole('button', { name: 'Strike it' }).click();
  await expect(first.locator('.error')).toContainText('Why is it wrong?');
  await first.getByLabel('Why is it wrong?').fill('Wrong person.');
  await first.getByRole('button', { name: 'Strike it' }).click();
  await expect(first).toContainText('Struck by Sam Rivera');
  await expect(first).toContainText('Wrong person.');
});

test('an addendum waits for the draft that is there', async ({ page }) => {
  await page.goto(`?#/case/${idOf(2)}`);
  await page.getByTestId('note').first().getByText('More').click();
  await page.getByRole('link', { name: 'Add to it' }).first().click();
  await expect(page.getByText('Finish or discard it first')).toBeVisible();
  await page.getByRole('button', { name: 'Go on with your draft' }).click();
  await expect(page.getByLabel('What happened')).toHaveValue(/^Called twice/);
});
