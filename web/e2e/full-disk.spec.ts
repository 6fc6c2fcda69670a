/**
 * A tablet without room: the person is told, nothing is half stored, and what was saved is there.
 */

import { expect, test } from './fixtures';
import { newCase, setUp, unlock, writeNote } from './people';

test('a full disk is told, and what was saved before is still there', async ({ relay, tablet, complaints }) => {
  const page = await tablet(relay.setupLink);
  await setUp(page, 'North Shelter', 'Ada Admin');
  await newCase(page, { 'First name': 'Rosa' });
  await writeNote(page, 'Before the disk was full.');

  // Chromium does not enforce a quota that is set from outside, so the worker's own disk refuses, in
  // the way in which it does on a disk that is full.
  const [worker] = page.workers();
  await worker?.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
  });
  await page.getByTestId('write-note').click();
  // The draft is the first thing that is to be stored.
  await page.locator('#note-text').fill('While the disk was full.');
  await expect(page.getByText(/storage is full/)).toBeVisible();

  await page.reload();
  await unlock(page);
  await page.getByRole('link', { name: 'Back to Rosa' }).click();
  await expect(page.getByTestId('note')).toHaveCount(1);
  await expect(page.getByTestId('note')).toContainText('Before the disk was full.');
  await writeNote(page, 'After there was room again.');
  // The worker says on the console why it stopped, and nothing of what it was to store.
  expect(complaints.splice(0)).toEqual(['the profile had to be closed: StoreError']);
});
