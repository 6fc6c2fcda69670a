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
  elsewhere: { query: 'phase=elsewhere' },
  failed: { query: 'phase=failed' },
  caseload: { query: 'status=offline' },
  'no cases': { query: 'cases=0&status=never' },
  'case with conflicts': { query: 'status=offline', hash: `#/case/${idOf(5)}` },
  'case, all open': {
    hash: `#/case/${idOf(5)}`,
    after: async (page) => {
      for (const summary of await page.locator('.one summary').all()) await summary.click();
      await page.getByTestId('field-number').getByRole('button').click();
    },
  },
  'case with a draft': { query: 'status=sending', hash: `#/case/${idOf(2)}` },
  note: { query: 'status=offline', hash: `#/case/${idOf(2)}/note` },
  'new case': { hash: '#/new-case' },
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
  invite: { hash: '#/invite' },
  invited: {
    hash: '#/invite',
    after: async (page) => {
      await page.locator('form input:not([type])').or(page.locator('form input[type=text]')).fill('Alex Moore');
      await page.locator('form button.main').click();
      await page.getByRole('img').waitFor();
    },
  },
  more: { hash: '#/me' },
  nowhere: { hash: '#/nowhere-at-all' },
};

const TABLETS = [
  { name: 'tablet, light, English', width: 1024, height: 768, colorScheme: 'light', locale: 'en-US' },
  { name: 'upright, dark, Spanish', width: 768, height: 1024, colorScheme: 'dark', locale: 'es-MX' },
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
