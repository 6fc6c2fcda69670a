// Every screen, in the sizes and themes of the field: no violation of WCAG 2.2 AA that a machine can
// find, nothing wider than the screen, nothing to press smaller than 44 px, in both languages.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { idOf } from './fake-data';

interface View {
  query?: string;
  hash?: string;
  /** What to do on the screen before looking. */
  after?: (page: Page) => Promise<void>;
}

const VIEWS: Record<string, View> = {
  first: { query: 'phase=first' },
  pick: { query: 'phase=pick' },
  join: { query: 'phase=empty', hash: '#/join' },
  'join, wrongly filled in': {
    query: 'phase=empty',
    hash: '#/join',
    after: async (page) => {
      await page.locator('form button.main').click();
      await expect(page.locator('.error')).toHaveCount(2);
    },
  },
  'set up': { query: 'phase=empty', hash: '#/set-up' },
  unlock: { query: 'phase=locked&status=offline' },
  'unlock, after wrong tries': { query: 'phase=locked&pause=272' },
  'unlock, out of touch for too long': {
    query: 'phase=locked&status=offline',
    after: async (page) => {
      await page.locator('input[type=password]').fill('long away');
      await page.locator('form button.main').click();
      await expect(page.locator('.notice.bad')).toHaveCount(1);
    },
  },
  elsewhere: { query: 'phase=elsewhere' },
  failed: { query: 'phase=failed' },
  caseload: { query: 'status=offline' },
  'no cases': { query: 'cases=0&status=never' },
  'caseload on a bad day': { query: 'busy' },
  review: { query: 'busy', hash: '#/review', after: openAll },
  'review, a reason missing': {
    query: 'busy&role=worker',
    hash: '#/review',
    after: async (page) => {
      await page.locator('[data-rule=interaction] button.main').click();
      await expect(page.locator('.error')).toHaveCount(1);
    },
  },
  'review, something settled': {
    query: 'busy',
    hash: '#/review',
    after: async (page) => {
      await page.locator('[data-rule=two_addresses] [data-choice="side:a"]').click();
      await page.getByTestId('settled').waitFor();
    },
  },
  'nothing to review': { query: 'cases=0', hash: '#/review' },
  'week of the team': { query: 'busy', hash: '#/calendar', after: (page) => page.locator('[data-chip=team]').click() },
  'day of the team': {
    query: 'busy',
    hash: '#/calendar',
    after: async (page) => {
      await page.locator('[data-chip=day]').click();
      await page.locator('[data-chip=team]').click();
    },
  },
  'a case for a new appointment': {
    query: 'busy',
    hash: '#/calendar',
    after: async (page) => {
      await page.locator('.top button').click();
      await page.getByTestId('choose-case').getByRole('link').first().waitFor();
    },
  },
  'case with conflicts': { query: 'status=offline', hash: `#/case/${idOf(5)}` },
  'case, all open': { hash: `#/case/${idOf(5)}`, after: openAll },
  'person, all open': {
    hash: `#/case/${idOf(5)}/person`,
    after: async (page) => {
      await openAll(page);
      await page.getByTestId('field-number').getByRole('button').click();
    },
  },
  'timeline, all open': {
    hash: `#/case/${idOf(5)}/timeline`,
    after: async (page) => {
      await openAll(page);
      await page.getByRole('button', { name: /^(Strike|Tachar)/ }).first().click();
    },
  },
  'medications, all open': { hash: `#/case/${idOf(5)}/medications`, after: openAll },
  'stopping a medication': {
    hash: `#/case/${idOf(5)}/medications`,
    after: (page) => page.getByTestId('to-stopped').first().click(),
  },
  'earlier values': {
    hash: `#/case/${idOf(5)}/medications`,
    after: async (page) => {
      await openAll(page);
      await page.getByRole('button', { name: /^(Earlier values|Valores anteriores)/ }).first().click();
      await page.getByTestId('history').getByRole('listitem').first().waitFor();
    },
  },
  appointments: { hash: `#/case/${idOf(5)}/appointments` },
  tasks: { hash: `#/case/${idOf(5)}/tasks`, after: openAll },
  assessments: { hash: `#/case/${idOf(5)}/assessments`, after: openAll },
  'new assessment': { hash: `#/case/${idOf(5)}/assessment` },
  'a page of a form, a critical answer': {
    hash: `#/case/${idOf(5)}/assessment/a0`,
    after: async (page) => {
      await page.locator('[data-item=housing] label').nth(3).click();
      await page.getByTestId('alarm').waitFor();
    },
  },
  'a page of a form, all sorts of questions': {
    hash: `#/case/${idOf(5)}/assessment/a0`,
    after: async (page) => {
      await page.getByTestId('next').click();
      await page.locator('[data-item=photo]').waitFor();
    },
  },
  'a form looked over': {
    hash: `#/case/${idOf(5)}/assessment/a0`,
    after: async (page) => {
      for (let n = 0; n < 3; n += 1) await page.getByTestId('next').click();
      await page.getByTestId('scores').waitFor();
    },
  },
  forms: {
    hash: '#/forms',
    after: async (page) => {
      await page.getByTestId('form').getByRole('button').first().click();
      await page.getByTestId('remarks').waitFor();
      await openAll(page);
    },
  },
  visits: { hash: `#/case/${idOf(5)}/visits` },
  'the day': { hash: '#/today' },
  reports: { hash: '#/reports', after: (page) => page.getByTestId('report').waitFor() },
  'a visit: its start': { hash: `#/case/${idOf(5)}/visit` },
  ...Object.fromEntries(
    ['checklist', 'form', 'medicines', 'note', 'next', 'signature', 'end'].map((step) => [
      `a visit: ${step}`,
      { hash: `#/case/${idOf(5)}/visit`, after: (page: Page) => visitAt(page, step) },
    ]),
  ),
  'access, a hand-over to finish': { hash: `#/case/${idOf(7)}/access`, after: openAll },
  'access, late changes and decisions': { hash: `#/case/${idOf(2)}/access`, after: openAll },
  'asked to take a case over': { hash: `#/case/${idOf(8)}`, after: openAll },
  access: { hash: `#/case/${idOf(5)}/access`, after: openAll },
  'new appointment, wrongly filled in': {
    hash: `#/case/${idOf(5)}/record/appointment`,
    after: async (page) => {
      await page.locator('form button.main').click();
      await expect(page.locator('.error')).toHaveCount(1);
    },
  },
  'new relation': { hash: `#/case/${idOf(5)}/record/relation` },
  'change of an address': { hash: `#/case/${idOf(5)}/record/address/${idOf(0x1007)}` },
  'case with a draft': { query: 'status=sending', hash: `#/case/${idOf(2)}` },
  note: { query: 'status=offline', hash: `#/case/${idOf(2)}/note` },
  'note in sections': {
    hash: `#/case/${idOf(4)}/note`,
    after: async (page) => {
      await page.locator('select').selectOption('soap');
      await page.locator('summary').click();
    },
  },
  'note, nothing written': {
    hash: `#/case/${idOf(4)}/note`,
    after: async (page) => {
      await page.locator('form button.main').click();
      await expect(page.locator('.error')).toHaveCount(1);
    },
  },
  'draft note changed': { hash: `#/case/${idOf(5)}/note/${idOf(80)}` },
  addendum: { hash: `#/case/${idOf(5)}/note/after/${idOf(82)}` },
  'new case': { hash: '#/new-case' },
  'a new case begun': {
    hash: '#/new-case',
    after: async (page) => {
      await page.locator('form input').first().fill('Rosa');
      await page.getByText(/^(Draft kept|Borrador guardado)/).waitFor();
      await page.locator('.up').click();
      await page.getByTestId('case-row').first().waitFor();
    },
  },
  'case with a form begun': {
    hash: `#/case/${idOf(4)}/record/medication`,
    after: async (page) => {
      await page.locator('form input').first().fill('Metf');
      await page.getByText(/^(Draft kept|Borrador guardado)/).waitFor();
      await page.locator('.up').click();
      await page.getByTestId('tab-overview').click();
      await page.getByTestId('begun').waitFor();
    },
  },
  work: { query: 'status=held', hash: '#/work' },
  'work, refused': { query: 'status=refused', hash: '#/work' },
  import: {
    hash: '#/import',
    after: async (page) => {
      await page.setInputFiles('input[type=file]', { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n') });
      await page.getByTestId('import-found').waitFor();
    },
  },
  team: { hash: '#/team' },
  'team, words and alarm, all open': { query: 'role=admin', hash: '#/team', after: openAll },
  'work, not confirmed': { query: 'standing=unconfirmed', hash: '#/work' },
  'work, invitation used twice': { query: 'standing=void', hash: '#/work' },
  invite: { hash: '#/invite' },
  invited: {
    hash: '#/invite',
    after: async (page) => {
      await page.locator('form input:not([type])').or(page.locator('form input[type=text]')).fill('Alex Moore');
      await page.locator('form button.main').click();
      await page.getByRole('img').waitFor();
    },
  },
  'medicine table': { query: 'medicines', hash: '#/medicines', after: openRows },
  'who looked': { hash: '#/log' },
  'who looked at a case': { query: 'role=auditor', hash: `#/log/${idOf(2)}` },
  'agency rules': { hash: '#/policy' },
  'agency rules, one wrong': {
    query: 'role=admin',
    hash: '#/policy',
    after: async (page) => {
      await page.locator('[data-rule=auto_lock_minutes] input').fill('99');
      await page.locator('form button.main').click();
      await expect(page.locator('.error')).toHaveCount(1);
    },
  },
  'no medicine table': { query: 'role=admin', hash: '#/medicines' },
  'medicine table, a file chosen': {
    query: 'role=admin&medicines',
    hash: '#/medicines',
    after: async (page) => {
      await page.setInputFiles('input[type=file]', { name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n') });
      await page.getByTestId('preview').waitFor();
      await openRows(page);
    },
  },
  'medicine table, removing': {
    query: 'role=admin&medicines',
    hash: '#/medicines',
    after: (page) => page.getByTestId('in-use').getByRole('button').last().click(),
  },
  more: { hash: '#/me' },
  'more, about to lock': { query: 'locks=55', hash: '#/me' },
  'change of the passphrase': { hash: '#/passphrase' },
  'change of the passphrase, wrongly filled in': {
    query: 'pause=12',
    hash: '#/passphrase',
    after: async (page) => {
      await page.locator('input').first().fill('wrong');
      await page.locator('form').evaluate((form: HTMLFormElement) => form.requestSubmit());
    },
  },
  restoring: { query: 'restoring=closed&standing=unconfirmed' },
  restore: { query: 'phase=empty', hash: '#/restore', after: openAll },
  'restore, wrongly filled in': {
    query: 'phase=empty',
    hash: '#/restore',
    after: async (page) => {
      await page.locator('form button.main').click();
      await expect(page.locator('.error')).toHaveCount(2);
    },
  },
  'kit, asked for': { query: 'role=admin&kit=due', hash: '#/kit' },
  'kit, shown and all open': {
    query: 'role=admin&kit=checked',
    hash: '#/kit',
    after: async (page) => {
      await page.locator('form input').first().fill('a good long passphrase');
      await page.locator('form button.main').first().click();
      await page.getByTestId('sheet-root').waitFor();
      await openAll(page);
    },
  },
  nowhere: { hash: '#/nowhere-at-all' },
};

const TABLETS = [
  { name: 'tablet, light, English', width: 1024, height: 768, colorScheme: 'light', locale: 'en-US' },
  { name: 'upright, dark, Spanish', width: 768, height: 1024, colorScheme: 'dark', locale: 'es-MX' },
  { name: 'phone, dark, English', width: 390, height: 844, colorScheme: 'dark', locale: 'en-US' },
  { name: 'small phone, light, Spanish', width: 360, height: 640, colorScheme: 'light', locale: 'es-MX' },
] as const;

for (const { name, width, height, colorScheme, locale } of TABLETS) {
  test.describe(name, () => {
    test.use({ viewport: { width, height }, colorScheme, locale });
    for (const [title, { query = '', hash = '#/', after }] of Object.entries(VIEWS)) {
      test(title, async ({ page }) => {
        await page.goto(`?${query}${hash}`);
        await page.locator('h1:visible').first().waitFor();
        await page.getByText(/^(Loading…|Cargando…)$/).waitFor({ state: 'detached' });
        await after?.(page);

        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))).toEqual([]);
        expect(await tooWide(page)).toEqual([]);
        expect(await tooSmall(page)).toEqual([]);
        await expect(page).toHaveTitle(/\S · Satchel$/);
      });
    }
  });
}

/** Goes on with a visit until the step is in sight. */
async function visitAt(page: Page, wanted: string): Promise<void> {
  await page.getByTestId('visit-begin').click();
  const shown = page.getByTestId('visit-step');
  for (const step of ['checklist', 'form', 'medicines', 'note', 'next', 'signature', 'end']) {
    await expect(shown).toHaveAttribute('data-step', step);
    if (step === wanted) break;
    const skip = page.getByRole('button', { name: /^(Skip|Saltar)$/ });
    await (step === 'next' || step === 'signature' ? skip : page.getByTestId('visit-on')).click();
  }
  if (wanted === 'next') await page.locator('[data-chip="7"]').click();
}

async function openAll(page: Page): Promise<void> {
  for (const summary of await page.locator('.one summary:visible').all()) await summary.click();
}

async function openRows(page: Page): Promise<void> {
  for (const summary of await page.locator('.pane summary:visible').all()) await summary.click();
}

function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('.pane')]
      .filter((part) => part.scrollWidth > part.clientWidth)
      .map((part) => part.className || part.tagName),
  );
}

function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('a, button, select, summary, textarea, label.tick, input:not([type=radio], [type=checkbox], .unseen)')]
      .filter((one) => one.checkVisibility() && !one.matches('.skip'))
      .filter((one) => {
        const { width, height } = one.getBoundingClientRect();
        return width < 44 || height < 44;
      })
      .map((one) => one.outerHTML.slice(0, 100)),
  );
}
