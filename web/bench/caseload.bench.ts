/**
 * A caseload of the size that a worker has after some years, on a slow tablet: how long each thing
 * takes that one waits for, and how much memory. Prints one line of JSON for each measurement.
 *
 * From the environment: SATCHEL_BIN and SATCHEL_DEMO, the relay and the seeder; BENCH_CASES,
 * BENCH_NOTES (of each case), BENCH_RATE (how many times slower than this machine).
 */

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from '../e2e/fixtures';
import { PASSPHRASE, join, statusSays } from '../e2e/people';
import { Slow } from './slow';

const number = (name: string, usual: number): number => Number(process.env[name] ?? usual);
const CASES = number('BENCH_CASES', 150);
const NOTES = number('BENCH_NOTES', 500);
const RATE = number('BENCH_RATE', 6);
const EDITS = 50;
const ROUNDS = 5;
/** Whatever takes longer has not been slow: it does not happen. */
const MS_MAX = 20 * 60_000;

function seeder(args: string[]): string {
  const binary = process.env['SATCHEL_DEMO'];
  if (binary === undefined) throw new Error('SATCHEL_DEMO must be the path of the seeder');
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the seeder failed: ${stderr}`);
  return stdout;
}

function say(what: string, values: Record<string, number>): void {
  console.log(JSON.stringify({ what, cases: CASES, notes: NOTES, rate: RATE, ...values }));
}

/** Milliseconds from an event in the page until something is to be seen there. */
function until(page: Page, act: { click?: string; type?: [string, string] }, shown: string): Promise<number> {
  return page.evaluate(
    ([act, shown, longest]) =>
      new Promise<number>((resolve, reject) => {
        const find = <Kind extends HTMLElement>(what: string): Kind => {
          const found = document.querySelector<Kind>(what);
          if (found === null) throw new Error(`there is no ${what}`);
          return found;
        };
        if (document.querySelector(shown) !== null) throw new Error(`${shown} was there before`);
        const begun = performance.now();
        const look = (): void => {
          if (document.querySelector(shown) !== null) {
            // What is in the document is on the screen after the next frame.
            requestAnimationFrame(() => resolve(performance.now() - begun));
          } else if (performance.now() - begun > longest) reject(new Error(`${shown} does not come`));
          else requestAnimationFrame(look);
        };
        if (act.click !== undefined) find(act.click).click();
        if (act.type !== undefined) {
          const box = find<HTMLInputElement>(act.type[0]);
          box.value = act.type[1];
          box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        }
        look();
      }),
    [act, shown, MS_MAX] as const,
  );
}

/** Until nothing is to be seen of it any more. */
async function gone(page: Page, what: string): Promise<void> {
  await page.waitForFunction((what) => document.querySelector(what) === null, what, { timeout: MS_MAX });
}

/** Until the tablet has all that the relay has, and has read it in. */
async function level(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const words = document.querySelector('[data-testid="status-bar"]')?.textContent ?? '';
      return words.includes('complete as of') && !/offline|fetching|reading/.test(words);
    },
    undefined,
    { timeout: MS_MAX, polling: 50 },
  );
}

/** How many findings wait for somebody, by the navigation. */
const waiting = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.querySelector('.waiting')?.textContent?.trim() ?? 0));

const mean = (of: number[]): number => of.reduce((sum, one) => sum + one, 0) / of.length;
const median = (of: number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;

/** Milliseconds that one and the same piece of work takes, again and again. */
function sums(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    Array.from({ length: 25 }, () => {
      const begun = performance.now();
      let sum = 0;
      for (let n = 0; n < 500_000; n += 1) sum = (sum + n * n) % 1_000_003;
      // The sum is used, so that it is worked out.
      return sum < 0 ? 0 : performance.now() - begun;
    }),
  );
}

/** Megabytes that the browser's largest process holds: the one with page and worker. */
function resident(leader: number): { now: number; peak: number } {
  let best = { now: 0, peak: 0 };
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
      if (group !== leader || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const mb = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
      if (mb('VmRSS') > best.now) best = { now: Math.round(mb('VmRSS')), peak: Math.round(mb('VmHWM')) };
    } catch {
      // It has ended meanwhile.
    }
  }
  return best;
}

test('a caseload', async ({ relay, durableTablet }) => {
  const seeded = Date.now();
  const lines = seeder(['--relay-setup-link', relay.setupLink, '--cases', String(CASES), '--notes', String(NOTES)]);
  const links = new Map(
    lines.trim().split('\n').map((line) => {
      const { who, link } = JSON.parse(line) as { who: string; link: string };
      return [who.split(' ')[0], link];
    }),
  );
  const link = (who: string): string => links.get(who) ?? '';
  say('seeded', { s: Math.round((Date.now() - seeded) / 1000) });

  const tablet = durableTablet();
  let page = await tablet.start();
  await page.goto(link('Priya'));
  await join(page);
  const joined = Date.now();
  await level(page);
  say('first sync, at full speed', { s: Math.round((Date.now() - joined) / 1000), ...resident(tablet.leader) });
  await tablet.close();

  page = await tablet.start();
  // The quickest of many is what the machine can do, whatever else it is busy with.
  const atRest = Math.min(...(await sums(page)));
  const slow = new Slow(tablet.leader, RATE);
  slow.begin();
  try {
    await page.goto(relay.url, { waitUntil: 'commit' });
    const open = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const look = (): void => {
            if (document.querySelector('input[type="password"]') === null) setTimeout(look, 5);
            else resolve(performance.now());
          };
          look();
        }),
    );
    say('start to passphrase', { ms: Math.round(open) });
    await page.locator('input[type="password"]').fill(PASSPHRASE);
    say('unlock to caseload', { ms: Math.round(await until(page, { click: 'form button.main' }, '[data-testid="case-row"]')) });
    await page.waitForTimeout(10_000);
    say('memory after unlock', resident(tablet.leader));

    const cases: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      cases.push(await until(page, { click: `li:nth-child(${round}) [data-testid="case-row"]` }, '[data-testid="note"]'));
      await page.waitForTimeout(2_000);
      await page.evaluate(() => (location.hash = '#/'));
      await gone(page, '[data-testid="note"]');
    }
    say('case, first time', { ms: Math.round(median(cases)), most: Math.round(Math.max(...cases)) });

    const search = async (words: string): Promise<number> => {
      const took = await until(page, { type: ['input[type="search"]', words] }, '.excerpt');
      await page.locator('input[type="search"]').fill('');
      await gone(page, '.excerpt');
      return took;
    };
    say('first search', { ms: Math.round(await search('bank machine')) });
    const searches: number[] = [];
    for (const words of ['lease', 'night light', 'pediatrician', 'rent heating', 'smoke alarm']) searches.push(await search(words));
    say('search', { ms: Math.round(median(searches)), most: Math.round(Math.max(...searches)) });
    say('memory after search', resident(tablet.leader));

    slow.end();
    await page.context().setOffline(true);
    await statusSays(page, 'offline');
    seeder(['--meet', link('Ana'), '--meet', link('Ben'), '--edits', String(EDITS)]);
    await statusSays(page, 'offline');
    const before = await waiting(page);
    slow.begin();
    const back = Date.now();
    await page.context().setOffline(false);
    await level(page);
    const ms = Date.now() - back;
    const findings = (await waiting(page)) - before;
    // Each pair of edits makes one, but in a case whose field was in dispute before.
    expect(findings).toBeGreaterThan(0);
    say('back online to all findings', { ms, edits: EDITS, findings });
    say('merge review', { ms: Math.round(await until(page, { click: 'a[href="#/review"]' }, '[data-testid="finding"]')) });
    say('memory at the end', resident(tablet.leader));
    say('slower than at rest', { times: Math.round((mean(await sums(page)) / atRest) * 10) / 10 });
  } finally {
    slow.end();
  }
});
