/**
 * Planning, advocacy and release, each from an empty case to the end without a network, sent at last and
 * read on a second tablet.
 */

import type { Page } from '@playwright/test';
import { expect, keptForOffline, test } from './fixtures';
import { addRecord, fillRecord, invite, join, newCase, openCase, pathOf, record, setUp, statusSays, toPart } from './people';
import type { Relay } from './relay';

const RECONNECT_MS_MAX = 60_000;

/** A case on Ada's tablet, which is out of reach from then on, and on Ben's. */
async function apart(relay: Relay, tablet: (path: string) => Promise<Page>): Promise<{ ada: Page; ben: Page }> {
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await newCase(ada, { 'First name': 'Rosa', 'Last name': 'Quill' });
  await statusSays(ada, 'All sent');
  const ben = await tablet(pathOf(await invite(ada, 'Ben Worker', true)));
  await join(ben);
  await openCase(ada, 'Rosa Quill');
  await keptForOffline(ada);
  await relay.stop();
  await statusSays(ada, 'offline');
  return { ada, ben };
}

/** The relay is back: Ben's tablet has it all. */
async function together(relay: Relay, ada: Page, ben: Page): Promise<void> {
  await relay.start();
  for (const page of [ada, ben]) await statusSays(page, 'All sent', RECONNECT_MS_MAX);
  await openCase(ben, 'Rosa Quill');
}

const activate = (page: Page, title: string): Promise<void> => record(page, title).getByTestId('to-active').click();

test('a plan: from a need to an active plan and its progress', async ({ relay, tablet }) => {
  test.setTimeout(240_000);
  const { ada, ben } = await apart(relay, tablet);
  await addRecord(ada, 'need', { 'What is needed': 'A place to live', 'Part of life': 'Housing' });
  await addRecord(ada, 'plan', { What: 'Own place by summer', 'Whose plan': 'Ours' });
  const missing = ada.getByTestId('plan-missing').locator('[data-missing]');
  await expect(missing).toHaveCount(5);
  await activate(ada, 'Own place by summer');
  await expect(ada.getByText('The plan cannot be active yet')).toContainText('a signature');
  // The only plan and the only need are chosen already.
  await addRecord(ada, 'goal', { 'In the client’s own words': 'A door that I can close myself' });
  await addRecord(ada, 'step', { 'What is done': 'Look at two flats' });
  await addRecord(ada, 'plan_signature', { 'Who signed': 'Rosa Quill', 'As what': 'Client', How: 'On paper' });
  await record(ada, 'Own place by summer').getByRole('link', { name: 'Edit' }).click();
  await fillRecord(ada, { 'Who answers for it': 'Ada Admin (you)', From: '2026-03-01' });
  await expect(ada.getByTestId('plan-ready')).toBeVisible();
  await activate(ada, 'Own place by summer');
  await expect(ada.getByTestId('limit-review')).toHaveAttribute('data-date', '2027-03-01');
  for (const [day, number] of [['2026-03-10', '2'], ['2026-04-10', '6']] as const) {
    await addRecord(ada, 'progress', { Day: day, 'What happened': 'Saw a flat', 'As a number': number });
  }
  await expect(ada.getByTestId('progress').getByRole('img')).toBeVisible();

  await together(relay, ada, ben);
  await toPart(ben, 'plan');
  await expect(ben.locator('[data-kind=plan]')).toHaveAttribute('data-state', 'active', { timeout: RECONNECT_MS_MAX });
  await expect(ben.getByTestId('limit-review')).toHaveAttribute('data-date', '2027-03-01');
  await expect(ben.getByTestId('progress').getByRole('row')).toHaveCount(2);
});

test('an appeal: from a denial to overturned on the second level', async ({ relay, tablet }) => {
  test.setTimeout(240_000);
  const { ada, ben } = await apart(relay, tablet);
  await addRecord(ada, 'denial', { Service: 'Wheelchair', 'Whose rules of appeal': 'Social Security', 'Date on the notice': '2026-07-04' });
  // 5 days for the mail and 60 to appeal end on Labor Day.
  const file = ada.getByTestId('limit-file');
  await expect(file).toHaveAttribute('data-date', '2026-09-08');
  await file.getByText('Why this day').click();
  await expect(file).toContainText('Labor Day');
  await expect(file).toContainText('20 CFR 404.909');
  await toPart(ada, 'overview');
  await expect(ada.locator('[data-testid=due-item][data-what=appeal_file]')).toHaveAttribute('data-date', '2026-09-08');
  await toPart(ada, 'appeals');
  await ada.getByTestId('open-level').click();
  const level = (n: number) => ada.getByTestId('records-appeal').locator('[data-kind=appeal]').filter({ hasText: n === 1 ? 'reconsideration' : 'hearing' });
  await level(1).getByRole('link', { name: 'Edit' }).click();
  await fillRecord(ada, { 'Filed on': '2026-08-01', 'Decided on': '2026-10-01', 'Date on the decision': '2026-10-01' });
  await level(1).getByTestId('to-upheld').click();
  await expect(ada.getByTestId('limit-file')).toHaveAttribute('data-date', '2026-12-07');
  await addRecord(ada, 'evidence', { What: 'Letter of Dr. Vale', Type: 'Medical record' });
  await ada.getByTestId('open-level').click();
  await level(2).getByTestId('to-filed').click();
  await expect(level(2)).toHaveAttribute('data-state', 'filed');
  await level(2).getByTestId('to-overturned').click();
  await ada.locator('[data-kind=denial]').getByTestId('to-overturned').click();
  await expect(ada.getByTestId('limit-file')).toHaveCount(0);

  await together(relay, ada, ben);
  await toPart(ben, 'appeals');
  await expect(ben.locator('[data-kind=denial]')).toHaveAttribute('data-state', 'overturned', { timeout: RECONNECT_MS_MAX });
  await expect(ben.locator('[data-kind=appeal][data-state=upheld]')).toHaveCount(1);
  await expect(ben.locator('[data-kind=appeal][data-state=overturned]')).toHaveCount(1);
});

test('a release that moves by a month takes along what hangs on it, and says so', async ({ relay, tablet }) => {
  test.setTimeout(240_000);
  const { ada, ben } = await apart(relay, tablet);
  await addRecord(ada, 'supervision', { Facility: 'North Facility', 'Release date': '2026-09-30', 'Who said so': 'Facility' });
  await ada.getByTestId('add-checklist').click();
  const due = (page: Page, day: string) => page.locator(`[data-testid=step-due][data-date='${day}']`);
  await expect(ada.getByTestId('step-due')).toHaveCount(10);
  await expect(due(ada, '2026-08-01')).toBeVisible();
  await ada.getByTestId('move-release').click();
  const form = ada.getByTestId('move-form');
  await form.getByLabel('New release date').fill('2026-10-30');
  await form.getByLabel('Who said so').selectOption({ label: 'Parole board' });
  await form.getByLabel('Why').fill('Programme not finished');
  await form.getByRole('button', { name: 'Move it' }).click();
  await expect(ada.getByTestId('toast')).toContainText('10 steps');
  await expect(due(ada, '2026-08-31')).toBeVisible();

  await together(relay, ada, ben);
  await toPart(ben, 'release');
  await expect(ben.getByTestId('release-move')).toContainText('Programme not finished', { timeout: RECONNECT_MS_MAX });
  await expect(ben.getByTestId('release-move')).toContainText('A place to live');
  await expect(ben.getByTestId('step-due')).toHaveCount(10);
  await expect(due(ben, '2026-08-31')).toBeVisible();
});
