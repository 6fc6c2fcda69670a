/**
 * What the app promises whatever a person does with it: it starts without a network, a profile has
 * one owner, a new build waits its turn, a broken worker loses nothing that was saved.
 */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, keptForOffline, test } from './fixtures';
import { newCase, setUp, toCases, unlock, writeNote } from './people';

const unlockButton = (page: Page) => page.getByRole('button', { name: 'Unlock' });
const takeOverButton = (page: Page) => page.getByRole('button', { name: 'Use it here' });

test('every response carries the policy under which the app runs', async ({ relay }) => {
  for (const path of ['/', '/sw.js', '/manifest.webmanifest', '/health', '/nothing']) {
    const policy = (await fetch(relay.url + path)).headers.get('content-security-policy') ?? '';
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).toContain("require-trusted-types-for 'script'");
    expect(policy, path).toContain('trusted-types app svelte-trusted-html');
  }
});

test('starts, opens and writes without a network', async ({ relay, tablet }) => {
  const page = await tablet(relay.setupLink);
  await setUp(page, 'North Shelter', 'Ada Admin');
  await newCase(page, { 'First name': 'Rosa' });
  await writeNote(page, 'With a network.');
  await keptForOffline(page);
  await relay.kill();
  await page.context().setOffline(true);
  await page.reload();
  await unlock(page);
  await writeNote(page, 'Without one.');
  await page.reload();
  await unlock(page);
  await expect(page.getByTestId('note')).toHaveCount(2);
});

test('a profile is open in one window, and moves to another on request', async ({ relay, tablet }) => {
  const first = await tablet(relay.setupLink);
  await setUp(first, 'North Shelter', 'Ada Admin');
  await newCase(first, { 'First name': 'Rosa' });

  const second = await first.context().newPage();
  await second.goto(relay.url);
  await expect(second.getByText(/another window/).first()).toBeVisible();
  await takeOverButton(second).click();
  await unlock(second);
  await expect(first.getByText(/another window/).first()).toBeVisible();

  await toCases(second);
  await second.getByTestId('case-row').filter({ hasText: 'Rosa' }).click();
  await writeNote(second, 'From the second window.');

  await takeOverButton(first).click();
  await unlock(first);
  await expect(first.getByTestId('note')).toContainText('From the second window.');
  await expect(second.getByText(/another window/).first()).toBeVisible();
});

test('a broken worker is replaced by a new one, locked', async ({ relay, tablet, complaints }) => {
  const page = await tablet(relay.setupLink);
  await setUp(page, 'North Shelter', 'Ada Admin');
  await newCase(page, { 'First name': 'Rosa' });
  await writeNote(page, 'Saved before it broke.');

  const [worker] = page.workers();
  await worker?.evaluate(() => {
    setTimeout(() => {
      throw new Error('broken on purpose');
    });
  });
  await expect(unlockButton(page)).toBeVisible();
  await unlock(page);
  await expect(page.getByTestId('note')).toContainText('Saved before it broke.');
  expect(complaints.splice(0).every((text) => text.includes('broken on purpose'))).toBe(true);
});

test('a new build waits for other windows and takes over at the next start', async ({ relay, tablet }) => {
  const site = await Site.before(relay.url);
  try {
    const first = await tablet(site.url);
    await keptForOffline(first);
    await first.reload();
    expect(await build(first)).toBe('1');
    const second = await first.context().newPage();
    await second.goto(site.url);

    site.build = '2';
    await first.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update();
      while (registration.waiting === null) await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await second.reload();
    expect(await build(second)).toBe('1');

    await second.close();
    // The browser may still count the closed window for a moment: then the next start it is.
    await expect(async () => {
      await first.reload();
      await expect(first.locator('html')).toHaveAttribute('data-build', '2', { timeout: 3_000 });
    }).toPass();
    site.server.close();
    site.server.closeAllConnections();
    await first.reload();
    expect(await build(first)).toBe('2');
  } finally {
    site.server.close();
    site.server.closeAllConnections();
  }
});

const build = (page: Page): Promise<string | null> => page.locator('html').getAttribute('data-build');

/** The relay's app as if it were built again: the page says which build it is. */
class Site {
  build = '1';

  private constructor(readonly server: Server) {}

  static async before(relay: string): Promise<Site> {
    const site = new Site(createServer());
    site.server.on('request', (request, response) => {
      void fetch(relay + (request.url ?? '/')).then(async (answer) => {
        for (const name of ['content-type', 'content-security-policy', 'cache-control']) {
          const value = answer.headers.get(name);
          if (value !== null) response.setHeader(name, value);
        }
        response.statusCode = answer.status;
        const bytes = Buffer.from(await answer.arrayBuffer());
        response.end(site.altered(request.url ?? '/', bytes));
      });
    });
    await new Promise<void>((resolve) => site.server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  private altered(path: string, bytes: Buffer): Buffer {
    if (path === '/' || path.startsWith('/?')) {
      return Buffer.from(bytes.toString().replace('<html', `<html data-build="${this.build}"`));
    }
    if (path !== '/sw.js') return bytes;
    // The revision of the page, by which a service worker sees that it is another.
    const page = /(url:[`"']\/[`"'],revision:[`"'])\w/;
    if (!page.test(bytes.toString())) throw new Error('the list of kept files has another form');
    return Buffer.from(bytes.toString().replace(page, `$1${this.build}`));
  }
}
