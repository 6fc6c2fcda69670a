// What the screens promise by themselves, whatever stands below them: drafts, undo, focus, links that
// leave no trace in the address.

import { expect, test, type Page } from '@playwright/test';
import { idOf } from './fake-data';

const complaints: string[] = [];

test.beforeEach(({ page }) => {
  complaints.length = 0;
  page.on('pageerror', (error) => complaints.push(error.message));
});
test.afterEach(() => expect(complaints).toEqual([]));

async function unlock(page: Page): Promise<void> {
  await page.getByLabel('Passphrase', { exact: true }).fill('several words more');
  await page.getByRole('button', { name: 'Unlock' }).click();
}

const noteBox = (page: Page) => page.getByLabel('What happened');
const finding = (page: Page, key: string) => page.locator(`[data-finding="field/person/${key}"]`);
const side = (page: Page, key: string, text: string) =>
  finding(page, key).getByTestId('finding-side').filter({ hasText: text }).getByRole('button');

for (const viewport of [
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
]) {
  test(`a note is two taps away and its draft survives leaving and locking (${viewport.width})`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await page.goto('?#/');
    await page.getByTestId('case-row').nth(4).click();
    await page.getByTestId('write-note').click();
    await expect(noteBox(page)).toBeFocused();
    await page.keyboard.type('Half a thou');
    await expect(page.getByTestId('draft-state')).toContainText('Draft kept');
    await page.getByRole('link', { name: /^Back to/ }).click();
    await expect(page.getByTestId('draft')).toContainText('Half a thou');
    await page.getByTestId('write-note').click();
    await expect(noteBox(page)).toHaveValue('Half a thou');
    // Locked in mid-word, before any pause.
    await page.keyboard.type('ght');
    await page.getByRole('button', { name: 'Lock' }).click();
    await unlock(page);
    await expect(noteBox(page)).toHaveValue('Half a thought');
    await page.getByRole('button', { name: 'Sign and save' }).click();
    await expect(page.getByTestId('note').first()).toContainText('Half a thought');
    await expect(page.getByTestId('note').first()).toHaveAttribute('data-stage', 'here');
    await expect(page.getByTestId('draft')).toHaveCount(0);
  });
}

test('a new case that is half typed outlives leaving and locking, and is offered again', async ({ page }) => {
  await page.goto('?#/');
  await page.getByRole('link', { name: 'New case' }).click();
  await page.getByLabel('First name').fill('Rosa');
  await page.getByText('More details').click();
  await page.getByLabel('Summary').fill('Came in the rain.');
  await page.getByLabel('Dana Ito').check();
  await page.getByRole('button', { name: 'Lock' }).click();
  await unlock(page);
  await expect(page.getByLabel('First name')).toHaveValue('Rosa');
  await page.getByRole('link', { name: /^Back to/ }).click();
  await page.getByRole('link', { name: 'Go on with the new case' }).click();
  await expect(page.getByLabel('Summary')).toHaveValue('Came in the rain.');
  await expect(page.getByLabel('Dana Ito')).toBeChecked();
  await page.getByRole('button', { name: 'Create case' }).click();
  await expect(page.getByTestId('write-note')).toBeVisible();
  // The way back is the list, not the form.
  await page.goBack();
  await expect(page.getByRole('link', { name: 'New case' })).toBeVisible();
});

test('why a finding is settled so, why a note is struck, and a field of the person: all outlive the lock', async ({ page }) => {
  await page.goto('?busy#/review');
  const why = page.locator('[data-rule=interaction]').getByLabel('Why');
  await why.fill('Called Dr. Meyer');
  await page.getByRole('button', { name: 'Lock' }).click();
  await unlock(page);
  await expect(why).toHaveValue('Called Dr. Meyer');

  await page.goto(`?#/case/${idOf(1)}`);
  const note = page.getByTestId('note').first();
  await note.getByText('More').first().click();
  await note.getByRole('button', { name: 'Strike as an error' }).first().click();
  await note.getByLabel('Why is it wrong?').fill('Wrong pers');
  await page.getByTestId('tab-person').click();
  await page.getByText(/empty fields?$/).click();
  await page.getByRole('button', { name: /^Change Speaks/ }).click();
  await page.getByLabel('Speaks', { exact: true }).fill('Somal');
  await page.getByRole('button', { name: 'Lock' }).click();
  await unlock(page);
  await expect(page.getByLabel('Speaks', { exact: true })).toHaveValue('Somal');
  await page.getByTestId('tab-overview').click();
  await expect(page.getByTestId('begun')).toHaveCount(2);
  await expect(note.getByLabel('Why is it wrong?')).toHaveValue('Wrong pers');
});

test('what was begun in a case is offered on its first page; cancelling drops it', async ({ page }) => {
  await page.goto(`?#/case/${idOf(4)}/medications`);
  await page.getByTestId('add-medication').click();
  await page.getByLabel('Name, as on the package').fill('Metf');
  await expect(page.getByTestId('draft-state')).toContainText('Draft kept');
  await page.getByRole('link', { name: /^Back to/ }).click();
  await page.getByTestId('tab-overview').click();
  await page.getByTestId('begun').click();
  await expect(page.getByLabel('Name, as on the package')).toHaveValue('Metf');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('tab-overview')).toHaveAttribute('aria-current', 'page');
  await expect(page.getByTestId('begun')).toHaveCount(0);
});

test('after saving, Back leads to where the person came from, never to the form', async ({ page }) => {
  const at = (tab: string) => expect(page.getByTestId(`tab-${tab}`)).toHaveAttribute('aria-current', 'page');
  await page.goto('?#/');
  await page.getByTestId('case-row').nth(4).click();
  await page.getByTestId('write-note').click();
  await noteBox(page).fill('She called.');
  await page.getByRole('button', { name: 'Sign and save' }).click();
  await at('overview');
  await page.getByTestId('tab-tasks').click();
  await page.getByTestId('add-task').click();
  await page.getByLabel('What', { exact: true }).fill('Call back');
  await page.getByRole('button', { name: 'Save' }).click();
  await at('tasks');
  await page.getByTestId('add-task').click();
  await page.getByRole('link', { name: /^Back to/ }).click();
  await at('tasks');
  await page.goBack();
  await at('overview');
  await page.goBack();
  await expect(page).toHaveURL(/#\/$/);
});

test('opened on a form, the app goes to the case when the form is done', async ({ page }) => {
  await page.goto(`?#/case/${idOf(4)}/note`);
  await noteBox(page).fill('She called.');
  await page.getByRole('button', { name: 'Sign and save' }).click();
  await expect(page.getByTestId('note').first()).toContainText('She called.');
});

test('a conflict is settled by one tap, which can be taken back', async ({ page }) => {
  await page.goto(`?#/case/${idOf(5)}/person`);
  await side(page, 'phone', '555-0199').click();
  await expect(page.getByTestId('field-phone')).toContainText('555-0199');
  await expect(finding(page, 'phone')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByTestId('field-phone')).toContainText('555-0144');
  await side(page, 'phone', '555-0199').click();
  await expect(page.getByTestId('field-phone')).toContainText('555-0199');
});

test('the second tap of a double tap does not settle the next conflict', async ({ page }) => {
  await page.goto(`?#/case/${idOf(5)}`);
  await side(page, 'phone', '555-0199').click();
  await expect(finding(page, 'phone')).toHaveCount(0);
  await side(page, 'address', 'Transition House').dispatchEvent('click');
  await expect(finding(page, 'address')).toBeVisible();
});

test('a field is edited in place, and the focus comes back', async ({ page }) => {
  await page.goto(`?#/case/${idOf(4)}/person`);
  await page.getByRole('button', { name: /^Change Phone/ }).click();
  await expect(page.getByLabel('Phone', { exact: true })).toBeFocused();
  await page.getByLabel('Phone', { exact: true }).fill('555-7777');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('field-phone')).toContainText('555-7777');
  await expect(page.getByRole('button', { name: /^Change Phone/ })).toBeFocused();
});

test('an empty field stays where it was filled in', async ({ page }) => {
  await page.goto(`?#/case/${idOf(4)}/person`);
  await page.getByText(/empty fields?$/).click();
  await page.getByRole('button', { name: /^Change Speaks/ }).click();
  await page.getByLabel('Speaks', { exact: true }).fill('Somali');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('field-language')).toContainText('Somali');
});

test('an invite leaves the address at once and opens a new profile', async ({ page }) => {
  await page.goto('?phase=locked#join=SECRET');
  await expect(page.getByText('The invitation is here')).toBeVisible();
  expect(page.url()).not.toContain('SECRET');
  await page.getByLabel('Choose a passphrase').fill('several words more');
  await page.getByLabel('The same passphrase again').fill('other words');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(page.getByText('not the same')).toBeVisible();
  await page.getByLabel('The same passphrase again').fill('several words more');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'My cases' })).toBeVisible();
});

test('so does one that is opened while the vault is open', async ({ page }) => {
  await page.goto('?#/');
  await page.getByTestId('case-row').first().waitFor();
  await page.evaluate(() => (location.hash = '#join=SECRET'));
  await expect(page.getByText('The invitation is here')).toBeVisible();
  expect(page.url()).not.toContain('SECRET');
});

test('the set-up link is filled in', async ({ page }) => {
  await page.goto('?phase=first#setup=TOKEN');
  await expect(page.getByLabel('Set-up link')).toHaveValue(/#setup=TOKEN$/);
  expect(page.url()).not.toContain('TOKEN');
});

test('without a camera one is told to paste', async ({ page }) => {
  await page.goto('?phase=empty#/join');
  await page.getByRole('button', { name: 'Scan a QR code' }).click();
  await expect(page.getByText('No camera was found')).toBeVisible();
});

test('doubts about an import are confirmed first', async ({ page }) => {
  await page.goto('?#/import');
  await page.setInputFiles('input[type=file]', { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n') });
  const take = page.getByRole('button', { name: 'Import 330 cases' });
  await take.click({ force: true });
  await expect(page.getByText('Confirm the points above')).toBeVisible();
  await page.getByLabel('I have compared').check();
  await page.getByLabel('I want them').check();
  await take.click();
  await expect(page.getByTestId('imported')).toContainText('330 cases');
});

test('rows of an agency’s table are looked at first, used, and removed', async ({ page }) => {
  await page.goto('?role=admin#/team');
  await page.getByRole('link', { name: 'Medicine table' }).click();
  await expect(page.getByTestId('in-use')).toContainText('only Satchel’s own table');
  const choose = (text: string) =>
    page.setInputFiles('input[type=file]', { name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  const example = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save an example file' }).click();
  expect((await example).suggestedFilename()).toBe('satchel-medicines-example.csv');
  await choose('name,"open\n');
  await expect(page.getByTestId('refused')).toContainText('Line 4');
  await expect(page.getByRole('button', { name: /^Use / })).toHaveCount(0);
  await choose('a,b\n');
  await expect(page.getByTestId('refused').getByRole('listitem')).toHaveCount(3);
  const use = page.getByRole('button', { name: 'Use 19 rows in the whole agency' });
  await use.click({ force: true });
  await expect(page.getByText('Confirm first')).toBeVisible();
  await page.getByLabel('Use the others without these').check();
  await use.click();
  await expect(page.getByTestId('in-use')).toContainText('Loaded by Sam Rivera');
  await expect(page.getByTestId('in-use')).toContainText('3 rows are not used');
  await page.getByRole('button', { name: 'Remove these rows' }).click();
  await page.getByRole('button', { name: 'Remove them' }).click();
  await expect(page.getByTestId('in-use')).toContainText('only Satchel’s own table');
});

test('who is no admin only reads the agency’s table', async ({ page }) => {
  await page.goto('?medicines#/medicines');
  await expect(page.getByTestId('in-use')).toContainText('Loaded by Dana Ito');
  await expect(page.getByTestId('ignored')).toContainText('Lee Okafor');
  await expect(page.locator('input[type=file]')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Remove these rows' })).toHaveCount(0);
});

test('a case begins with a name; somebody is let in', async ({ page }) => {
  await page.goto('?#/new-case');
  await page.getByRole('button', { name: 'Create case' }).click();
  await expect(page.getByLabel('First name')).toBeFocused();
  await page.getByLabel('First name').fill('Zoe');
  await page.getByLabel('Dana Ito').check();
  await page.getByRole('button', { name: 'Create case' }).click();
  await expect(page.getByRole('heading', { name: 'Zoe' })).toBeVisible();
  await page.getByTestId('tab-access').click();
  const access = page.getByTestId('access');
  await access.getByText('Let somebody in').click();
  await access.getByLabel('Who').selectOption({ label: 'Lee Okafor (Caseworker)' });
  await access.getByRole('button', { name: 'Give access' }).click();
  await expect(access.getByRole('listitem').filter({ hasText: 'Lee Okafor' })).toBeVisible();
});

test('coming back from a case the search and the place in the list are as before', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('?#/');
  await expect(page.getByTestId('case-row')).toHaveCount(50);
  await page.getByRole('searchbox').fill('CN-3');
  await expect(page.getByText(/ of 350 cases/)).toBeVisible();
  await page.getByTestId('case-row').nth(2).click();
  await page.getByRole('link', { name: /^Back to/ }).click();
  await expect(page.getByRole('searchbox')).toHaveValue('CN-3');
  await expect(page.getByTestId('case-row').nth(2)).toBeFocused();
});

test('the language is kept', async ({ page }) => {
  await page.goto('?#/me');
  await page.getByLabel('Español').check();
  await expect(page.getByRole('heading', { name: 'Más', exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Más', exact: true })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
});

test('who only reads is offered nothing to write with', async ({ page }) => {
  await page.goto(`?role=auditor#/case/${idOf(5)}/person`);
  await expect(page.getByTestId('field-phone')).toBeVisible();
  await expect(page.getByTestId('field-phone').getByRole('button')).toHaveCount(0);
  await expect(page.getByTestId('records-address').getByRole('listitem').first()).toBeVisible();
  await expect(page.getByRole('link', { name: /^(Add|Edit|New case)/ })).toHaveCount(0);
  await page.getByTestId('tab-overview').click();
  await expect(page.getByTestId('note').first()).toBeVisible();
  await expect(page.getByTestId('write-note')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^(Sign|Edit|More)/ })).toHaveCount(0);
});
