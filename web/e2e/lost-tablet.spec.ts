/**
 * A tablet is lost, or its passphrase forgotten: whoever leads makes an invitation for another one,
 * and the person goes on with the same cases. What had been sent is there at once; what had not comes
 * from the old tablet, locked as it is, by itself, and then it keeps nothing.
 */

import type { Page } from '@playwright/test';
import { expect, keptForOffline, test } from './fixtures';
import { PASSPHRASE, invite, join, lock, newCase, note, openCase, pathOf, setUp, statusSays, toPart, writeNote } from './people';

/** On a tablet that leads: the invitation that replaces a colleague's. */
async function replaced(page: Page, name: string): Promise<string> {
  await page.getByRole('link', { name: 'Team', exact: true }).click();
  await page.getByTestId('member').filter({ hasText: name }).getByRole('link', { name: 'Lost, forgotten, left?' }).click();
  await expect(page.getByText(/It may hold \d+ case/)).toBeVisible();
  await page.getByRole('button', { name: 'Take it out and invite to a new one' }).click();
  return page.getByLabel('Or send the link').inputValue();
}

async function letIn(page: Page, name: string): Promise<void> {
  await openCase(page, 'Rosa');
  await toPart(page, 'access');
  await expect(page.getByTestId('late').filter({ hasText: name })).toBeVisible({ timeout: 60_000 });
  await page.getByTestId('late').getByText('Let them count').first().click();
  await page.getByTestId('late').getByRole('button', { name: 'Let them count' }).click();
  await expect(page.getByTestId('late')).toHaveCount(0);
}

/** What a page of the app finds stored of profiles. */
function keysLeft(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const keys: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name ?? ''));
      for (const store of database.objectStoreNames) {
        const shelf = database.transaction(store).objectStore(store);
        keys.push(...(await done(shelf.getAllKeys())).map(String));
      }
      database.close();
    }
    return keys;
  });
}

test('a lost tablet is replaced, and what it had not sent still comes', async ({ relay, tablet }) => {
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await newCase(ada, { 'First name': 'Rosa' });
  await statusSays(ada, 'All sent');
  const lost = await tablet(pathOf(await invite(ada, 'Ben Worker', true)));
  await join(lost);
  await openCase(lost, 'Rosa');
  await writeNote(lost, 'Sent before it was lost.');
  await statusSays(lost, 'All sent');
  // A case that Ben has nothing to do with.
  await newCase(ada, { 'First name': 'Selma' });
  await keptForOffline(lost);
  await lost.context().setOffline(true);
  await statusSays(lost, 'offline');
  await writeNote(lost, 'Not sent when it was lost.');
  await statusSays(lost, '1 change only on this tablet');
  await lock(lost);

  const link = await test.step('three taps for whoever leads', () => replaced(ada, 'Ben Worker'));

  await test.step('a passphrase for Ben, and the case is open with all that was sent', async () => {
    const fresh = await tablet(pathOf(link));
    await join(fresh);
    await openCase(fresh, 'Rosa');
    await expect(note(fresh, 'Sent before')).toHaveCount(1, { timeout: 60_000 });
    await fresh.getByRole('link', { name: 'Cases', exact: true }).click();
    await expect(fresh.getByTestId('case-row')).toHaveCount(1);
  });

  await test.step('the lost one, locked, finds a network: it hands over its work and keeps nothing', async () => {
    await lost.context().setOffline(false);
    await expect(lost.getByTestId('dismissed')).toBeVisible({ timeout: 60_000 });
    const left = await keysLeft(lost);
    expect(left.filter((key) => /log\/|out\/|key\/|doc\/|sum\/|txt\/|vault|grant\//.test(key))).toEqual([]);
    await letIn(ada, 'Ben Worker');
    await openCase(ada, 'Rosa');
    await expect(note(ada, 'Not sent when')).toHaveCount(1);
    await expect(note(ada, 'Sent before')).toHaveCount(1);
  });
});

test('a forgotten passphrase costs nothing that was written', async ({ relay, tablet }) => {
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await newCase(ada, { 'First name': 'Rosa' });
  const his = await tablet(pathOf(await invite(ada, 'Ben Worker', true)));
  await join(his);
  await openCase(his, 'Rosa');
  await statusSays(his, 'All sent');
  await keptForOffline(his);
  await his.context().setOffline(true);
  await statusSays(his, 'offline');
  await writeNote(his, 'Written before it was forgotten.');
  await lock(his);
  const link = await replaced(ada, 'Ben Worker');

  await test.step('on the same tablet, with another passphrase', async () => {
    await his.context().setOffline(false);
    await his.goto(relay.url + pathOf(link));
    await join(his, `another ${PASSPHRASE}`);
    await openCase(his, 'Rosa');
  });

  await test.step('what lay sealed under the old one is delivered, and counts once it is let in', async () => {
    await letIn(ada, 'Ben Worker');
    await expect(note(his, 'Written before')).toHaveCount(1, { timeout: 60_000 });
  });
});
