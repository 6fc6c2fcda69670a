/**
 * One tablet for two people, who hand it to each other the whole day without a network: each has a
 * vault and unsent work of their own; and once there is a network the work of both arrives, whoever
 * of them has the tablet.
 */

import type { Page } from '@playwright/test';
import { expect, keptForOffline, test } from './fixtures';
import {
  PASSPHRASE,
  handOver,
  invite,
  join,
  lock,
  newCase,
  note,
  openCase,
  pathOf,
  setUp,
  statusSays,
  unlock,
  unlockInVain,
  writeNote,
} from './people';
import type { Relay } from './relay';

const BENS = 'a lamp in every window';

async function networkGone(page: Page, relay: Relay): Promise<void> {
  await relay.stop();
  await page.context().setOffline(true);
  await statusSays(page, 'offline');
}

async function networkBack(page: Page, relay: Relay): Promise<void> {
  await relay.start();
  await page.context().setOffline(false);
}

test('two people share a tablet for a day without a network', async ({ relay, tablet }) => {
  const shared = await tablet(relay.setupLink);
  await setUp(shared, 'North Shelter', 'Ada Admin');
  await newCase(shared, { 'First name': 'Rosa' });
  await statusSays(shared, 'All sent');
  const cleo = await tablet(pathOf(await invite(shared, 'Cleo Worker', true)));
  await join(cleo);
  await openCase(cleo, 'Rosa');
  const link = await invite(shared, 'Ben Worker', true);
  await shared.goto(relay.url + pathOf(link));
  await join(shared, BENS);
  await openCase(shared, 'Rosa');
  await statusSays(shared, 'All sent');
  await keptForOffline(shared);
  await networkGone(shared, relay);

  await test.step('each writes in turn, and sees what is theirs', async () => {
    await writeNote(shared, 'Ben was there at nine.');
    await statusSays(shared, '1 change only on this tablet');
    await handOver(shared, 'Ada Admin', PASSPHRASE);
    await statusSays(shared, 'All sent');
    await openCase(shared, 'Rosa');
    await writeNote(shared, 'Ada was there at ten.');
    await writeNote(shared, 'Ada rang at eleven.');
    await statusSays(shared, '2 changes only on this tablet');
    await expect(note(shared, 'Ben was')).toHaveCount(0);
  });

  await test.step('after a restart as well, each with their own passphrase', async () => {
    await shared.reload();
    await expect(shared.getByRole('button', { name: 'Unlock' })).toBeVisible();
    await shared.getByRole('link', { name: 'I am somebody else' }).click();
    await shared.getByTestId('profile').filter({ hasText: 'Ben Worker' }).click();
    await unlockInVain(shared, PASSPHRASE);
    await unlock(shared, BENS);
    await statusSays(shared, '1 change only on this tablet');
    await openCase(shared, 'Rosa');
    await expect(note(shared, 'Ben was')).toHaveCount(1);
    await expect(note(shared, 'Ada ')).toHaveCount(0);
  });

  await test.step('with a network the work of both arrives, though only one has the tablet', async () => {
    await lock(shared);
    await networkBack(shared, relay);
    await expect(note(cleo, 'Ben was')).toHaveCount(1, { timeout: 60_000 });
    await expect(note(cleo, 'Ada ')).toHaveCount(2, { timeout: 60_000 });
    await expect(shared.getByRole('button', { name: 'Unlock' })).toBeVisible();
  });

  await test.step('each finds everything', async () => {
    await unlock(shared, BENS);
    await statusSays(shared, 'All sent');
    await handOver(shared, 'Ada Admin', PASSPHRASE);
    await statusSays(shared, 'All sent');
    await openCase(shared, 'Rosa');
    await expect(shared.getByTestId('note')).toHaveCount(3);
  });
});

test('somebody is added while unsent work of another waits', async ({ relay, tablet }) => {
  const shared = await tablet(relay.setupLink);
  await setUp(shared, 'North Shelter', 'Ada Admin');
  await newCase(shared, { 'First name': 'Rosa' });
  const link = await invite(shared, 'Ben Worker', true);
  await statusSays(shared, 'All sent');
  await keptForOffline(shared);
  await networkGone(shared, relay);
  await openCase(shared, 'Rosa');
  await writeNote(shared, 'Nobody has this yet.');
  await shared.getByTestId('write-note').click();
  await shared.locator('#note-text').fill('Half a thou');

  await test.step('without a network', async () => {
    await shared.goto(relay.url + pathOf(link));
    await join(shared, BENS);
    await statusSays(shared, 'offline');
    await expect(shared.getByTestId('case-row')).toHaveCount(0);
  });

  await test.step('nothing of it is lost', async () => {
    await handOver(shared, 'Ada Admin', PASSPHRASE);
    await statusSays(shared, '1 change only on this tablet');
    await openCase(shared, 'Rosa');
    await expect(note(shared, 'Nobody has this yet.')).toHaveCount(1);
    await expect(shared.getByTestId('draft')).toContainText('Half a thou');
  });

  await test.step('with a network the newcomer is known, before they have the tablet again', async () => {
    await networkBack(shared, relay);
    await statusSays(shared, 'All sent', 60_000);
    await shared.getByRole('link', { name: 'Team', exact: true }).click();
    await expect(shared.getByTestId('member').filter({ hasText: 'Ben Worker' })).toHaveCount(1, { timeout: 60_000 });
    await handOver(shared, 'Added', BENS);
    await openCase(shared, 'Rosa');
    await expect(note(shared, 'Nobody has this yet.')).toHaveCount(1);
  });
});
