/**
 * Ada, who leads, and Ben, a worker: a tablet each, one case in common, and the relay between them.
 * Owns how they come apart and together again. Made once for all journeys of a file, each of which
 * brings its own entries into the case.
 */

import type { Browser, Page } from '@playwright/test';
import { test as base, expect, keptForOffline, listen } from './fixtures';
import { invite, join, newCase, openCase, pathOf, setUp, statusSays } from './people';
import { Relay } from './relay';

export const ADA = 'Ada Admin';
export const BEN = 'Ben Worker';
export const ROSA = 'Rosa Quill';

export class Pair {
  private constructor(
    private readonly relay: Relay,
    readonly ada: Page,
    readonly ben: Page,
    readonly complaints: string[],
  ) {}

  static async meet(browser: Browser): Promise<Pair> {
    const relay = await Relay.start();
    const complaints: string[] = [];
    const tablet = async (link: string): Promise<Page> => {
      const page = await (await browser.newContext()).newPage();
      listen(page, complaints);
      await page.goto(link);
      return page;
    };
    const ada = await tablet(relay.setupLink);
    await setUp(ada, 'North Shelter', ADA);
    await newCase(ada, { 'First name': 'Rosa', 'Last name': 'Quill', Phone: '555-0100' });
    await statusSays(ada, 'All sent');
    const ben = await tablet(relay.url + pathOf(await invite(ada, BEN, true)));
    await join(ben);
    const pair = new Pair(relay, ada, ben, complaints);
    for (const page of pair.both) await keptForOffline(page);
    return pair;
  }

  get both(): readonly [Page, Page] {
    return [this.ada, this.ben];
  }

  /** Both have the case before them. */
  async atCase(): Promise<void> {
    for (const page of this.both) await openCase(page, ROSA);
  }

  /** No relay any more, and no network: neither hears of the other. */
  async apart(): Promise<void> {
    for (const page of this.both) await statusSays(page, 'All sent');
    await this.relay.stop();
    for (const page of this.both) {
      await page.context().setOffline(true);
      await statusSays(page, 'offline');
    }
  }

  /** Resolves once the relay has all that both have written. */
  async together(): Promise<void> {
    await this.relay.start();
    for (const page of this.both) await page.context().setOffline(false);
    for (const page of this.both) {
      await expect(page.getByTestId('status-bar')).not.toContainText('offline');
      await statusSays(page, 'All sent');
    }
  }

  async dispose(): Promise<void> {
    for (const page of this.both) await page.context().close();
    await this.relay.dispose();
  }
}

export const test = base.extend<{ quiet: void }, { pair: Pair }>({
  pair: [
    async ({ browser }, use) => {
      const pair = await Pair.meet(browser);
      await use(pair);
      await pair.dispose();
    },
    { scope: 'worker' },
  ],

  quiet: [
    async ({ pair }, use) => {
      await use();
      expect(pair.complaints.splice(0)).toEqual([]);
    },
    { auto: true },
  ],
});
