/**
 * A form from loading to reading: a supervisor's file becomes the agency's form, it is filled in
 * without a network, goes on after a lock, opens a task where an answer is critical, gives a score,
 * and a colleague reads all of it on another tablet.
 */

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, keptForOffline, test } from './fixtures';
import { invite, join, lock, newCase, openCase, pathOf, setUp, statusSays, toPart, unlock } from './people';

const RECONNECT_MS_MAX = 60_000;

const days = ['Never', 'Some days', 'Most days'].map((display, weight) => ({
  valueCoding: { code: String(weight), display, extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: weight }] },
}));
const FORM = {
  resourceType: 'Questionnaire',
  url: 'urn:example:rest',
  version: '7',
  title: 'Rest and worry',
  item: [
    {
      linkId: 'g1',
      type: 'group',
      text: 'These days',
      item: [
        { linkId: 'sleep', type: 'choice', text: 'Slept badly?', required: true, answerOption: days },
        { linkId: 'dark', type: 'choice', text: 'Dark thoughts?', required: true, answerOption: days },
        { linkId: 'which', type: 'text', text: 'What were they?', enableWhen: [{ question: 'dark', operator: '!=', answerCoding: { code: '0' } }] },
      ],
    },
    { linkId: 'g2', type: 'group', text: 'Help', item: [{ linkId: 'who', type: 'string', text: 'Who helps?', required: true }] },
  ],
};

const choose = (page: Page, item: string, words: string): Promise<void> => page.locator(`[data-item='${item}']`).getByText(words, { exact: true }).click();

test('a form is loaded, filled in offline, completed, and read on another tablet', async ({ relay, tablet }) => {
  test.setTimeout(240_000);
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await newCase(ada, { 'First name': 'Rosa', 'Last name': 'Quill' });
  await statusSays(ada, 'All sent');
  const ben = await tablet(pathOf(await invite(ada, 'Ben Worker', true)));
  await join(ben);

  await test.step('a file that is no form is refused with its place; one that is becomes a form', async () => {
    await ada.goto(`${relay.url}/#/forms`);
    const choice = ada.getByLabel('Load a form');
    const broken = { ...FORM, item: [{ linkId: 'a', text: 'No type' }] };
    const file = (form: unknown) => ({ name: 'form.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(form)) });
    await choice.setInputFiles(file(broken));
    await expect(ada.getByRole('alert').filter({ hasText: 'Item 1 (a)' })).toContainText('“type” is missing');
    await choice.setInputFiles(file(FORM));
    const preview = ada.getByTestId('form-preview');
    await preview.getByRole('button', { name: 'Add a word' }).click();
    await preview.getByLabel('From score').fill('2');
    await preview.getByLabel('Word', { exact: true }).fill('severe');
    await preview.getByRole('button', { name: 'Add a critical question' }).click();
    await preview.getByLabel('Which question').selectOption({ label: 'Dark thoughts?' });
    await preview.getByRole('button', { name: 'Use this form' }).click();
    await expect(ada.getByTestId('form').filter({ hasText: 'Rest and worry' })).toContainText('version 7');
    await statusSays(ada, 'All sent');
  });

  await test.step('without a network it is begun and answered; a critical answer is told at once', async () => {
    await ada.goto(`${relay.url}/#/`);
    await openCase(ada, 'Rosa Quill');
    await keptForOffline(ada);
    await relay.stop();
    await statusSays(ada, 'offline');
    await toPart(ada, 'assessments');
    await ada.getByTestId('new-assessment').click();
    await ada.getByText('Rest and worry').click();
    await ada.getByRole('button', { name: 'Begin' }).click();
    await expect(ada.getByTestId('answered')).toContainText('0 of 3');
    await choose(ada, 'sleep', 'Some days');
    await expect(ada.getByLabel('What were they?')).toHaveCount(0);
    await choose(ada, 'dark', 'Most days');
    await expect(ada.getByTestId('alarm')).toContainText('Dark thoughts?');
    await expect(ada.getByTestId('answered')).toContainText('2 of 4');
    await ada.getByLabel('What were they?').pressSequentially('That nothing gets bet');
  });

  await test.step('a lock and a start anew take nothing, not even half a word', async () => {
    await expect(ada.getByTestId('draft-state')).toContainText('Draft kept');
    await ada.reload();
    await unlock(ada);
    await expect(ada.getByLabel('What were they?')).toHaveValue('That nothing gets bet');
    await ada.getByLabel('What were they?').pressSequentially('t');
    await lock(ada);
    await unlock(ada);
    // It goes on where something is still to be answered.
    await expect(ada.getByLabel('Who helps?')).toBeVisible();
    await ada.getByRole('button', { name: 'Previous' }).click();
    await expect(ada.getByRole('radio', { name: 'Some days' }).first()).toBeChecked();
    await expect(ada.getByLabel('What were they?')).toHaveValue('That nothing gets bett');
    await ada.getByLabel('What were they?').fill('That nothing gets better.');
    await ada.getByTestId('next').click();
    await ada.getByLabel('Who helps?').fill('Her sister');
    await ada.getByTestId('next').click();
  });

  await test.step('completed, it has a score, a word for it, a task and a file', async () => {
    await expect(ada.getByTestId('answers').first()).toContainText('That nothing gets better.');
    await ada.getByTestId('to-completed').click();
    await expect(ada.getByTestId('state')).toHaveText('Completed');
    await expect(ada.getByTestId('scores')).toContainText('3 of 4');
    await expect(ada.getByTestId('scores')).toContainText('severe');
    const download = ada.waitForEvent('download');
    await ada.getByTestId('export').click();
    const saved: unknown = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    expect(saved).toMatchObject({ resourceType: 'QuestionnaireResponse', questionnaire: 'urn:example:rest|7', status: 'completed' });
    await ada.getByRole('link', { name: 'To the tasks' }).click();
    await expect(ada.getByTestId('record').filter({ hasText: 'Dark thoughts?' })).toContainText('Safety');
  });

  await test.step('the colleague reads it all', async () => {
    await relay.start();
    for (const page of [ada, ben]) await statusSays(page, 'All sent', RECONNECT_MS_MAX);
    await openCase(ben, 'Rosa Quill');
    await toPart(ben, 'tasks');
    await expect(ben.getByTestId('record').filter({ hasText: 'Dark thoughts?' })).toBeVisible({ timeout: RECONNECT_MS_MAX });
    await toPart(ben, 'assessments');
    const row = ben.getByTestId('assessment');
    await expect(row).toContainText('3 of 4');
    await row.getByRole('link').click();
    await expect(ben.getByTestId('alarm')).toContainText('Most days');
    await expect(ben.getByTestId('answers').last()).toContainText('Her sister');
  });
});
