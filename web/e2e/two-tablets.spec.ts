/**
 * Two people, two tablets, and a relay that is away for a while: what both wrote in the meantime is
 * on both tablets afterwards, a disagreement is shown to both, and one tap settles it for both.
 */

import type { Page } from '@playwright/test';
import { expect, keptForOffline, test } from './fixtures';
import { invite, join, newCase, pathOf, setField, setUp, statusSays, toCases, toPart, unlock, writeNote } from './people';

/** The relay is back; tablets try again by themselves, at growing intervals. */
const RECONNECT_MS_MAX = 60_000;

test('two tablets apart, then together', async ({ relay, tablet }) => {
  test.setTimeout(240_000);
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await statusSays(ada, 'All sent');
  await newCase(ada, { 'First name': 'Rosa', 'Last name': 'Quill', Phone: '555-0100' });
  await statusSays(ada, 'All sent');
  const link = await invite(ada, 'Ben Worker', true);

  const ben = await tablet(pathOf(link));
  await join(ben);
  await ben.getByTestId('case-row').filter({ hasText: 'Rosa Quill' }).click();
  await toPart(ben, 'person');
  await expect(ben.getByTestId('field-phone').locator('.value')).toHaveText('555-0100');
  await toCases(ada);
  await ada.getByTestId('case-row').filter({ hasText: 'Rosa Quill' }).click();

  await test.step('the relay stops; both start again without it', async () => {
    for (const page of [ada, ben]) await keptForOffline(page);
    await relay.stop();
    for (const page of [ada, ben]) {
      await page.reload();
      await unlock(page);
      await statusSays(page, 'offline');
      await toPart(page, 'person');
      await expect(page.getByTestId('field-phone').locator('.value')).toHaveText('555-0100');
    }
  });

  await test.step('both write apart from each other', async () => {
    await setField(ada, 'phone', '555-0111');
    await setField(ada, 'program', 'Housing first');
    await writeNote(ada, 'Ada rang the landlord.');
    await setField(ben, 'phone', '555-0122');
    await setField(ben, 'location', 'Harbour camp');
    await writeNote(ben, 'Ben met Rosa at the camp.');
    for (const page of [ada, ben]) {
      await statusSays(page, '3 changes only on this tablet');
      await expect(page.getByTestId('note').first()).toHaveAttribute('data-stage', 'here');
    }
  });

  await test.step('the relay is back; both show the same record and the disagreement', async () => {
    await relay.start();
    for (const page of [ada, ben]) {
      await statusSays(page, 'All sent', RECONNECT_MS_MAX);
      await expect(page.getByTestId('note')).toHaveCount(2, { timeout: RECONNECT_MS_MAX });
      const sides = disputed(page).getByTestId('finding-side');
      await expect(sides).toHaveCount(2);
      await expect(sides.filter({ hasText: '555-0111' })).toContainText('Ada Admin');
      await expect(sides.filter({ hasText: '555-0122' })).toContainText('Ben Worker');
      await toPart(page, 'person');
      await expect(page.getByTestId('field-program').locator('.value')).toHaveText('Housing first');
      await expect(page.getByTestId('field-location').locator('.value')).toHaveText('Harbour camp');
    }
    expect(await record(ada)).toEqual(await record(ben));
    await keepPicture(ada);
  });

  await test.step('each sees that the other has opened their note', async () => {
    await expect(ada.getByTestId('note').filter({ hasText: 'Ada rang' })).toHaveAttribute('data-stage', 'seen');
    await expect(ada.getByTestId('note').filter({ hasText: 'Ada rang' })).toContainText('Opened by Ben Worker');
    await expect(ben.getByTestId('note').filter({ hasText: 'Ben met' })).toHaveAttribute('data-stage', 'seen');
    await expect(ben.getByTestId('note').filter({ hasText: 'Ada rang' })).toHaveAttribute('data-stage', 'received');
  });

  await test.step('one tap on one tablet settles it on both', async () => {
    await disputed(ben).getByTestId('finding-side').filter({ hasText: '555-0122' }).getByRole('button').click();
    for (const page of [ben, ada]) {
      await expect(disputed(page)).toHaveCount(0);
      await toPart(page, 'person');
      await expect(page.getByTestId('field-phone').locator('.value')).toHaveText('555-0122');
    }
    expect(await record(ada)).toEqual(await record(ben));
  });
});

/** Where the two phone numbers stand side by side. */
const disputed = (page: Page) => page.locator('[data-finding="field/person/phone"]');

/** What a case's page says of the record itself; it is at the overview then. */
async function record(page: Page): Promise<unknown> {
  await toPart(page, 'person');
  const names = await page.locator('[data-testid^="field-"]').evaluateAll((fields) =>
    fields.map((field) => [field.getAttribute('data-testid'), field.querySelector('.value')?.textContent]).sort(),
  );
  await toPart(page, 'overview');
  const notes = await page.getByTestId('note').evaluateAll((all) =>
    all.map((note) => [note.querySelector('strong')?.textContent, note.querySelector('.text')?.textContent]),
  );
  return { names, notes };
}

/** For whoever wants to look at it: SHOTS names a folder. */
async function keepPicture(page: Page): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder === undefined) return;
  await page.evaluate(() => document.querySelector('.one')?.scrollTo(0, 0));
  await page.screenshot({ path: `${folder}/conflict.png` });
}
