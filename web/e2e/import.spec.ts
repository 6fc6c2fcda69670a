/**
 * Case notes of another system, taken in from a CSV: all of them, word by word, on both tablets; and
 * of a file that is not right, nothing at all.
 */

import { closeSync, existsSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { invite, join, newCase, pathOf, search, setUp, statusSays, toCases, toPart } from './people';

const CASE_NOTES = fileURLToPath(
  new URL('../../../shared/data/casenotes/synthetic-case-notes.csv', import.meta.url),
);
/** One in so many is opened and compared. */
const SAMPLE_EVERY = 22;
const SYNC_MS_MAX = 90_000;

const missing = !existsSync(CASE_NOTES);

test('330 case notes arrive on both tablets as they are in the file', async ({ relay, tablet }) => {
  // The file is not part of the project: its absence is told and skips, but fails where it must be.
  if (missing && process.env['CI'] === 'true') throw new Error(`no ${CASE_NOTES}`);
  test.skip(missing, `no ${CASE_NOTES}`);
  test.setTimeout(240_000);
  const rows = records(readFileSync(CASE_NOTES, 'utf8'));
  expect(rows).toHaveLength(330);

  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await statusSays(ada, 'All sent');
  const ben = await tablet(pathOf(await invite(ada, 'Ben Worker', false)));
  await join(ben);
  await ada.getByRole('link', { name: 'Done' }).click();
  await expect(ada.getByTestId('member')).toHaveCount(2);

  await openImport(ada);
  await choose(ada, CASE_NOTES);
  await expect(ada.getByTestId('import-found')).toHaveText('330 notes in 330 cases');
  await ada.getByLabel(/Ben Worker/).check();
  await ada.getByRole('button', { name: 'Import 330 cases' }).click();
  await expect(ada.getByTestId('imported')).toContainText('330 cases with 330 notes', { timeout: SYNC_MS_MAX });

  await statusSays(ada, 'All sent', SYNC_MS_MAX);
  await expect(ben.getByText('330 cases', { exact: true })).toBeVisible({ timeout: SYNC_MS_MAX });
  await expect(ben.getByTestId('status-bar')).not.toContainText('reading', { timeout: SYNC_MS_MAX });

  await relay.stop();
  await statusSays(ben, 'offline');
  const word = 'eviction';
  const holding = rows.filter((row) => row['case_note']?.toLowerCase().includes(word)).length;
  expect(holding).toBeGreaterThan(0);
  for (const page of [ada, ben]) {
    await toCases(page);
    await search(page, word, holding, rows.length);
  }
  for (let at = 0; at < rows.length; at += SAMPLE_EVERY) {
    const row = rows[at] ?? {};
    const page = (at / SAMPLE_EVERY) % 3 === 0 ? ada : ben;
    await search(page, row['person_oid'] ?? '', 1, rows.length);
    // The answer to the search before this one may still be shown.
    await expect(page.getByTestId('case-row')).toContainText(row['person_oid'] ?? '');
    await page.getByTestId('case-row').click();
    await expect(page.getByTestId('note')).toHaveCount(1);
    expect(await page.getByTestId('note').locator('.text').textContent()).toBe(row['case_note']);
    await toPart(page, 'person');
    await expect(page.getByTestId('field-number').locator('.value')).toHaveText(row['person_oid'] ?? '');
    await expect(page.getByTestId('field-name.family').locator('.value')).toHaveText(row['last_name'] ?? '');
  }
});

test('a file that is not right is explained, and nothing of it is taken', async ({ relay, tablet }) => {
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await newCase(ada, { 'First name': 'Rosa', 'Last name': 'Quill' });
  await openImport(ada);

  const header = 'person_oid,first_name,last_name,case_note';
  const good = 'CN-1,Ann,Lee,"Came in, was well."';
  const folder = mkdtempSync(path(tmpdir(), 'satchel-import-'));
  const huge = path(folder, 'huge.csv');
  const file = openSync(huge, 'w');
  ftruncateSync(file, 100 * 1024 * 1024);
  closeSync(file);

  const wrong: [file: string | Buffer, words: RegExp][] = [
    [Buffer.from(`${header}\r\n${good}\r\nCN-2,Bo,Kay,"Came in, and th`), /cut off or broken at line 3\. Nothing was taken in/],
    [Buffer.from(`${header}\r\n${good}\r\nCN-2,Bo\r\n`), /cut off or broken at line 3/],
    [Buffer.from(`${header}\r\n${good}\r\nCN-2,Jos\u00e9,Kay,Fine.\r\n`, 'latin1'), /not UTF-8 text \(first problem in line 3\)/],
    [Buffer.from(`${header.replace('case_note', 'colour')}\r\n${good}\r\n`), /no column .*It has: .*colour/],
    [Buffer.from(`${header}\r\n`), /has no rows/],
    [huge, /larger than 20 MB/],
  ];
  for (const [bytes, words] of wrong) {
    await choose(ada, bytes);
    await expect(ada.getByText(words)).toBeVisible();
    await expect(ada.getByRole('button', { name: /^Import / })).toHaveCount(0);
  }
  rmSync(folder, { recursive: true });
  await toCases(ada);
  await expect(ada.getByText('1 case', { exact: true })).toBeVisible();
  await expect(ada.getByTestId('case-row')).toHaveCount(1);
});

async function openImport(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'More', exact: true }).click();
  await page.getByRole('link', { name: 'Import case notes' }).click();
}

async function choose(page: Page, file: string | Buffer): Promise<void> {
  const chosen = typeof file === 'string' ? file : { name: 'notes.csv', mimeType: 'text/csv', buffer: file };
  await page.locator('input[type=file]').setInputFiles(chosen);
}

/** The rows of a CSV by header; a reader of its own, so that the app's does not judge itself. */
function records(text: string): Record<string, string>[] {
  const cells = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g;
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [all, cell = '', end] of text.matchAll(cells)) {
    if (all === '' && row.length === 0) continue;
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  const [header = [], ...others] = rows;
  return others.map((values) => Object.fromEntries(header.map((name, at) => [name, values[at] ?? ''])));
}
