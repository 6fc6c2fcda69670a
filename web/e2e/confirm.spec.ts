/**
 * Who is behind an invitation: six words, the same on two screens, and what happens when two tablets
 * used one code.
 */

import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { invite, join, newCase, note, openCase, pathOf, setUp, statusSays, writeNote } from './people';

const PULL_MS_MAX = 90_000;

const words = (within: Page | Locator): Promise<string[]> => within.getByTestId('words').first().getByRole('listitem').allTextContents();

async function myWords(page: Page): Promise<string[]> {
  await page.getByTestId('standing').click();
  await expect(page.getByTestId('my-words')).toBeVisible();
  return words(page.getByTestId('my-words'));
}

test('six words are the same on both screens, and then the tablet is confirmed', async ({ relay, tablet }) => {
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await newCase(ada, { 'First name': 'Rosa' });
  await statusSays(ada, 'All sent');
  const ben = await tablet(pathOf(await invite(ada, 'Ben Worker', true)));
  await join(ben);
  await openCase(ben, 'Rosa');
  await writeNote(ben, 'Ben was here.');
  const shown = await myWords(ben);
  expect(shown).toHaveLength(6);
  await openCase(ada, 'Rosa');
  await expect(note(ada, 'Ben was here.')).toContainText('not confirmed');
  await ada.getByRole('link', { name: 'Team', exact: true }).click();
  const member = ada.getByTestId('member').filter({ hasText: 'Ben Worker' });
  await member.getByText('Not confirmed yet: compare words').click();
  expect(await words(member)).toEqual(shown);
  await member.getByRole('button', { name: 'All six are the same: confirm' }).click();
  await expect(member).not.toContainText('not confirmed');
  await expect(ben.getByTestId('standing')).toHaveCount(0, { timeout: PULL_MS_MAX });
  await openCase(ada, 'Rosa');
  await expect(note(ada, 'Ben was here.')).not.toContainText('not confirmed');
});

test('a second claim sounds an alarm; the right one is chosen by its words and loses nothing', async ({ relay, tablet }) => {
  test.setTimeout(240_000);
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await newCase(ada, { 'First name': 'Rosa' });
  await statusSays(ada, 'All sent');
  const link = await invite(ada, 'Ben Worker', true);
  const ben = await tablet(pathOf(link));
  await join(ben);
  await openCase(ben, 'Rosa');
  await writeNote(ben, 'Ben was here.');
  await statusSays(ben, 'All sent');
  const thief = await tablet(pathOf(link));
  await join(thief);
  for (const page of [ben, thief]) await expect(page.getByTestId('standing')).toHaveAttribute('data-standing', 'void', { timeout: PULL_MS_MAX });
  await openCase(ben, 'Rosa');
  await writeNote(ben, 'While I waited.');
  const shown = await myWords(ben);
  await expect(ben.getByTestId('my-words')).toContainText('Call whoever invited you');
  await ada.getByRole('link', { name: 'Team', exact: true }).click();
  const alarm = ada.getByTestId('alarm');
  await expect(alarm).toContainText('Two tablets used one invitation');
  const claims = alarm.getByTestId('claim');
  await expect(claims).toHaveCount(2);
  const both = await Promise.all([words(claims.nth(0)), words(claims.nth(1))]);
  const right = both.findIndex((each) => each.join() === shown.join());
  expect(both[1 - right]).not.toEqual(shown);
  await claims.nth(right).locator('summary').click();
  await claims.nth(right).getByRole('button', { name: 'All six are the same: confirm' }).click();
  await expect(alarm).toHaveCount(0);
  await expect(thief.getByTestId('dismissed')).toBeVisible({ timeout: PULL_MS_MAX });
  await expect(ben.getByTestId('standing')).toHaveCount(0, { timeout: PULL_MS_MAX });
  await statusSays(ben, 'All sent', PULL_MS_MAX);
  await openCase(ada, 'Rosa');
  await expect(note(ada, 'While I waited.')).toBeVisible({ timeout: PULL_MS_MAX });
});
