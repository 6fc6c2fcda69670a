/**
 * Networks as they are found: one through which no WebSocket gets, and one that answers in the relay's
 * place until somebody signs in. Work goes out all the same, or the tablet says what to do.
 */

import { expect, listen, test } from './fixtures';
import { Network } from './network';
import { invite, join, newCase, note, openCase, pathOf, setUp, statusSays, toCases, writeNote } from './people';

test('work goes out where no WebSocket does, and a network that wants a sign-in is named', async ({ relay, tablet, browser }) => {
  test.setTimeout(180_000);
  const network = await Network.before(relay.url);
  network.become('without_sockets');
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  listen(page, complaints);

  await test.step('an agency is founded, a case written and sent', async () => {
    await page.goto(network.url + pathOf(relay.setupLink));
    await setUp(page, 'North Shelter', 'Ada Admin');
    await newCase(page, { 'First name': 'Rosa', 'Last name': 'Quill' });
    await statusSays(page, 'All sent');
    expect(network.posted).toBeGreaterThan(2);
  });

  const ben = await tablet(pathOf(await invite(page, 'Ben Worker', true)));
  await join(ben);
  await openCase(ben, 'Rosa Quill');
  await toCases(page);
  await openCase(page, 'Rosa Quill');

  await test.step('what each writes comes to the other', async () => {
    await writeNote(page, 'Ada rang from the clinic.');
    await expect(note(ben, 'Ada rang from the clinic.')).toBeVisible();
    await writeNote(ben, 'Ben met Rosa at the camp.');
    await expect(note(page, 'Ben met Rosa at the camp.')).toBeVisible();
  });

  await test.step('a guest network answers in place of the relay: it is named, and nothing is lost', async () => {
    await page.context().setOffline(true);
    network.become('portal');
    await page.context().setOffline(false);
    await statusSays(page, 'wants a sign-in');
    await writeNote(page, 'Written at the guest network.');
    await statusSays(page, '1 change only on this tablet');
  });

  await test.step('somebody signed in, and sockets get through: all is sent by itself', async () => {
    network.become('open');
    await page.context().setOffline(true);
    await page.context().setOffline(false);
    await statusSays(page, 'All sent');
    await expect(note(ben, 'Written at the guest network.')).toBeVisible();
  });

  // Of the network's refusals the browser's console tells, of nothing else.
  expect(complaints.filter((one) => !/WebSocket connection|Failed to load resource/.test(one))).toEqual([]);
  network.close();
});
