/**
 * The recovery kit: printed and read back by whoever set up the agency, deleted from the tablet; then the
 * tablet is lost, and another one gets the records back from the two sheets.
 */

import { expect, test } from './fixtures';
import { choosePassphrase, invite, join, newCase, note, openCase, PASSPHRASE, pathOf, setUp, statusSays, writeNote } from './people';

const PULL_MS_MAX = 90_000;

test('a kit is printed and read back, the tablet is lost, and both sheets bring the records back', async ({ relay, tablet }) => {
  test.setTimeout(240_000);
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await newCase(ada, { 'First name': 'Rosa' });
  await writeNote(ada, 'Before the fire.');
  await statusSays(ada, 'All sent');
  const ben = await tablet(pathOf(await invite(ada, 'Ben Worker', true)));
  await join(ben);
  await openCase(ben, 'Rosa');

  const sheets: Record<string, string[]> = {};
  await test.step('printed, read back, and deleted from the tablet', async () => {
    await ada.getByTestId('kit-due').click();
    await ada.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await ada.getByRole('button', { name: 'Show the two sheets' }).click();
    for (const name of ['root', 'recovery']) {
      const sheet = ada.getByTestId(`sheet-${name}`);
      await expect(sheet).toContainText('North Shelter');
      await expect(sheet).toContainText(relay.url);
      await expect(sheet).toContainText('Si ha encontrado esto');
      await expect(sheet.getByRole('img')).toBeVisible();
      sheets[name] = await sheet.getByTestId('sheet-words').getByRole('listitem').allTextContents();
      expect(sheets[name]).toHaveLength(24);
    }
    expect(sheets['root']).not.toEqual(sheets['recovery']);
    await ada.emulateMedia({ media: 'print' });
    await expect(ada.getByTestId('sheet-recovery')).toBeVisible();
    await expect(ada.getByTestId('status-bar')).toBeHidden();
    await expect(ada.getByTestId('check-root')).toBeHidden();
    await ada.emulateMedia({ media: 'screen' });
    for (const name of ['root', 'recovery']) {
      const check = ada.getByTestId(`check-${name}`);
      await check.locator('summary').click();
      const boxes = check.getByRole('textbox');
      await expect(boxes).toHaveCount(4);
      await check.getByRole('button', { name: 'Check' }).click();
      await expect(check.getByRole('alert')).toContainText(`not the words of the ${name} sheet`);
      for (const box of await boxes.all()) {
        const label = await box.evaluate((one) => (one instanceof HTMLInputElement ? (one.labels?.[0]?.textContent ?? '') : ''));
        await box.fill(sheets[name]?.[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
      }
      await check.getByRole('button', { name: 'Check' }).click();
      await expect(check).toContainText('Read back');
    }
    await expect(ada.getByTestId('kit-due')).toHaveCount(0);
    const drop = ada.getByTestId('kit-drop');
    await drop.locator('summary').click();
    await drop.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await drop.getByRole('button', { name: 'Delete them' }).click();
    await expect(ada.getByText('The secrets of the kit are not on this tablet')).toBeVisible();
    await statusSays(ada, 'All sent');
  });

  await ada.context().close();
  const nora = await tablet();
  await test.step('one sheet twice is refused; both restore', async () => {
    await nora.getByRole('link', { name: 'Restore an agency' }).click();
    await nora.getByLabel('Root sheet').fill(sheets['root']?.join(' ') ?? '');
    await nora.getByLabel('Recovery sheet').fill(sheets['root']?.join(' ') ?? '');
    await nora.getByLabel('Your name, as the team knows it').fill('Nora New');
    await choosePassphrase(nora);
    await nora.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(nora.getByText('These are not the words of the recovery sheet')).toBeVisible();
    await nora.getByLabel('Recovery sheet').fill(sheets['recovery']?.join('\n') ?? '');
    await nora.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(nora.getByRole('heading', { name: 'My cases' })).toBeVisible({ timeout: PULL_MS_MAX });
    await openCase(nora, 'Rosa');
    await expect(note(nora, 'Before the fire.')).toBeVisible();
    await expect(nora.getByTestId('restoring')).toHaveCount(0, { timeout: PULL_MS_MAX });
  });

  await test.step('and whoever is left works on with the new admin', async () => {
    await writeNote(nora, 'Back at work.');
    await expect(note(ben, 'Back at work.')).toBeVisible({ timeout: PULL_MS_MAX });
    await expect(note(ben, 'Back at work.')).toContainText('Nora New');
  });
});
