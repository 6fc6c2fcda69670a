/**
 * What a person does with a tablet, by what is to be read on its screen. Owns the words and hooks by
 * which journeys find things; decides nothing about what has to come of it.
 */

import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures';

export const PASSPHRASE = 'correct horse battery staple';

/** Makes keys and stretches a passphrase: slow by intention, slower in a build without optimisation. */
const UNLOCK_MS_MAX = 60_000;

export async function choosePassphrase(page: Page, passphrase = PASSPHRASE): Promise<void> {
  await page.getByLabel('Choose a passphrase').fill(passphrase);
  await page.getByLabel('The same passphrase again').fill(passphrase);
}

const inside = (page: Page): Promise<void> =>
  expect(page.getByRole('heading', { name: 'My cases' })).toBeVisible({ timeout: UNLOCK_MS_MAX });

/** On a page that was opened with the set-up link. */
export async function setUp(page: Page, agency: string, name: string): Promise<void> {
  await page.getByLabel('Name of the agency').fill(agency);
  await page.getByLabel('Your name, as the team knows it').fill(name);
  await choosePassphrase(page);
  await page.getByRole('button', { name: 'Set up' }).click();
  await inside(page);
}

/** On a page that was opened with an invitation. */
export async function join(page: Page, passphrase = PASSPHRASE): Promise<void> {
  await choosePassphrase(page, passphrase);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await inside(page);
}

export async function unlock(page: Page, passphrase = PASSPHRASE): Promise<void> {
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByTestId('status-bar')).toBeVisible({ timeout: UNLOCK_MS_MAX });
  await expect(page.getByRole('button', { name: 'Lock', exact: true })).toBeVisible({ timeout: UNLOCK_MS_MAX });
}

/** Somebody else who has a profile on this tablet takes it over from whoever has it open. */
export async function handOver(page: Page, name: string, passphrase: string): Promise<void> {
  await page.getByRole('link', { name: 'More' }).click();
  await page.getByTestId('profile').filter({ hasText: name }).click();
  await unlock(page, passphrase);
}

/** A passphrase that does not open it; resolves once the screen says so. */
export async function unlockInVain(page: Page, passphrase: string): Promise<void> {
  const box = page.getByLabel('Passphrase', { exact: true });
  await box.fill(passphrase);
  await page.getByRole('button', { name: 'Unlock' }).click();
  // While it tries, the button says something else.
  await expect(page.getByRole('button', { name: 'Unlock', exact: true })).toBeVisible({ timeout: UNLOCK_MS_MAX });
  await expect(page.getByText('This passphrase does not open it')).toBeVisible();
}

export async function lock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
}

/** Gives the link that the invited person opens. */
export async function invite(page: Page, name: string, shareCases: boolean): Promise<string> {
  await page.getByRole('link', { name: 'Team', exact: true }).click();
  await page.getByRole('link', { name: 'Invite somebody' }).click();
  await page.getByLabel('Their name').fill(name);
  await page.getByLabel('Caseworker').check();
  if (shareCases) await page.getByLabel(/^Let them into/).check();
  await page.getByRole('button', { name: 'Make the invitation' }).click();
  return page.getByLabel('Or send the link').inputValue();
}

export async function toCases(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Cases', exact: true }).click();
}

/** Opens a case from the caseload. */
export async function openCase(page: Page, name: string): Promise<void> {
  await toCases(page);
  await page.getByTestId('case-row').filter({ hasText: name }).click();
  await expect(page.getByTestId('tab-overview')).toBeVisible();
}

export async function toReview(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Review/ }).click();
  await expect(page.getByRole('heading', { name: 'To review' })).toBeVisible();
}

/** The path of an invitation at this relay, whatever address the link names. */
export const pathOf = (link: string): string => `/${new URL(link).hash}`;

export async function newCase(page: Page, fields: Record<string, string>): Promise<void> {
  await toCases(page);
  await page.getByRole('link', { name: 'New case' }).click();
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
  await page.getByRole('button', { name: 'Create case' }).click();
  await expect(page.getByTestId('write-note')).toBeVisible();
}

export type Part = 'overview' | 'timeline' | 'person' | 'assessments' | 'plan' | 'appeals' | 'release' | 'medications' | 'appointments' | 'tasks' | 'visits' | 'access';

/** Goes to a part of the open case. */
export async function toPart(page: Page, part: Part): Promise<void> {
  await page.getByTestId(`tab-${part}`).click();
  await expect(page.getByTestId(`tab-${part}`)).toHaveAttribute('aria-current', 'page');
}

/** From any part of the open case; resolves once the screen says that it is saved, signed at once. */
export async function writeNote(page: Page, text: string): Promise<void> {
  await toPart(page, 'overview');
  await page.getByTestId('write-note').click();
  await page.locator('#note-text').fill(text);
  await page.getByRole('button', { name: 'Sign and save' }).click();
  await expect(page.getByTestId('note').filter({ hasText: text })).toBeVisible();
}

/** From any part of the open case; resolves once the field shows the new value as saved. */
export async function setField(page: Page, key: string, value: string): Promise<void> {
  await toPart(page, 'person');
  const field = page.getByTestId(`field-${key}`);
  await expect(field).toBeAttached();
  if (!(await field.isVisible())) await page.locator('summary').filter({ hasText: /empty field/ }).click();
  await field.getByRole('button', { name: /^Change / }).click();
  await field.locator('.input').fill(value);
  await field.getByRole('button', { name: 'Save' }).click();
  await expect(field.locator('.value')).toHaveText(value);
}

/** Where records of a kind are. */
const PARTS = {
  appointment: 'appointments',
  medication: 'medications',
  flag: 'person',
  need: 'plan',
  plan: 'plan',
  goal: 'plan',
  step: 'plan',
  plan_signature: 'plan',
  progress: 'plan',
  denial: 'appeals',
  evidence: 'appeals',
  supervision: 'release',
} as const;

/** From any part of the open case: what is to be typed or chosen, by the beginning of its label. */
export async function addRecord(page: Page, kind: keyof typeof PARTS, values: Record<string, string>): Promise<void> {
  await toPart(page, PARTS[kind]);
  await page.getByTestId(`add-${kind}`).click();
  await fillRecord(page, values);
}

/** In the form of a record; resolves once it is saved and the form is gone. */
export async function fillRecord(page: Page, values: Record<string, string>): Promise<void> {
  const form = page.getByTestId('record-form');
  for (const [label, value] of Object.entries(values)) {
    const box = form.getByLabel(new RegExp(`^${label}`));
    if ((await box.evaluate((one) => one.tagName)) === 'SELECT') await box.selectOption({ label: value });
    else await box.fill(value);
  }
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);
  await expect(page.getByTestId('toast')).toContainText('saved on this tablet');
}

/** A record of the open case, at the part where it is. */
export function record(page: Page, title: string): Locator {
  return page.getByTestId('record').filter({ has: page.getByRole('heading', { name: title }) });
}

export function note(page: Page, text: string): Locator {
  return page.getByTestId('note').filter({ hasText: text });
}

/** An open finding in the review. */
export function finding(page: Page, rule: string): Locator {
  return page.locator(`[data-testid=finding][data-rule=${rule}]`);
}

export function side(found: Locator, text: string): Locator {
  return found.getByTestId('finding-side').filter({ hasText: text });
}

/** A tap on the confirmation that is shown. */
export async function undo(page: Page): Promise<void> {
  await page.getByTestId('toast').getByRole('button', { name: 'Undo' }).click();
}

/** Searches the caseload; resolves once it says how many cases match. */
export async function search(page: Page, words: string, found: number, total: number): Promise<void> {
  await page.getByLabel('Search names, numbers, notes').fill(words);
  await expect(page.getByText(`${found} of ${total} cases`)).toBeVisible();
}

/** The words in the bar that is always in sight. */
export async function statusSays(page: Page, words: string | RegExp, ms?: number): Promise<void> {
  await expect(page.getByTestId('status-bar')).toContainText(words, ms === undefined ? {} : { timeout: ms });
}
