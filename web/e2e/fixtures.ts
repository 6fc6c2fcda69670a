/**
 * What journeys are made of: a relay, and tablets, each with a storage of its own. Owns the rule
 * that no journey passes when a page threw or broke its Content Security Policy.
 */

import { type BrowserContext, type Page, test as base, expect } from '@playwright/test';
import { DurableTablet } from './durable-tablet';
import { Relay } from './relay';

interface Fixtures {
  relay: Relay;
  /** What pages complained about; a journey that expects something takes it out. */
  complaints: string[];
  /** A new tablet with the app open, at `path` of the relay. */
  tablet(path?: string): Promise<Page>;
  /** One that may be switched off. */
  durableTablet(): DurableTablet;
}

export const test = base.extend<Fixtures>({
  relay: async ({}, use) => {
    const relay = await Relay.start();
    await use(relay);
    await relay.dispose();
  },

  complaints: async ({}, use) => {
    const complaints: string[] = [];
    await use(complaints);
    expect(complaints).toEqual([]);
  },

  tablet: async ({ browser, relay, complaints }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (path = '/') => {
      const context = await browser.newContext();
      contexts.push(context);
      const page = await context.newPage();
      listen(page, complaints);
      await page.goto(new URL(path, relay.url).href);
      return page;
    });
    for (const context of contexts) await context.close();
  },

  durableTablet: async ({ playwright, launchOptions, viewport, complaints }, use) => {
    const tablets: DurableTablet[] = [];
    await use(() => {
      const options = { ...launchOptions, headless: true, viewport };
      const tablet = new DurableTablet(playwright.chromium, options, (page) =>
        listen(page, complaints),
      );
      tablets.push(tablet);
      return tablet;
    });
    for (const tablet of tablets) await tablet.dispose();
  },
});

export { expect };

/** Without a network a browser notes each thing that it could not fetch: that is no complaint. */
const NO_NETWORK = /net::ERR_|WebSocket connection to/;

/** Notes what goes wrong in a page. */
export function listen(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`threw: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !NO_NETWORK.test(message.text())) {
      complaints.push(message.text());
    }
  });
}

/** Resolves once the app is kept on the tablet: from then on it starts without a network. */
export async function keptForOffline(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}
