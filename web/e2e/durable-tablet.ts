/**
 * A tablet whose storage outlives its browser: may be switched off without warning and started
 * again. Owns the folder and the way to kill every process of the browser at once.
 */

import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type BrowserType, type LaunchOptions, type Page } from '@playwright/test';

export class DurableTablet {
  private context: BrowserContext | null = null;
  /** All that the browser keeps. */
  readonly folder = mkdtempSync(join(tmpdir(), 'satchel-tablet-'));

  constructor(
    private readonly browser: BrowserType,
    private readonly options: LaunchOptions,
    private readonly watch: (page: Page) => void,
  ) {}

  /** Starts the browser and gives its window. */
  async start(): Promise<Page> {
    this.context = await this.browser.launchPersistentContext(this.folder, this.options);
    const page = this.context.pages()[0] ?? (await this.context.newPage());
    this.watch(page);
    return page;
  }

  /** The battery is out: no process of the browser may finish anything. */
  async cutPower(): Promise<void> {
    const context = this.context;
    if (context === null) return;
    this.context = null;
    const gone = new Promise((resolve) => context.once('close', resolve));
    process.kill(-this.leader, 'SIGKILL');
    await gone;
  }

  /** The process that leads the group of all the browser's processes. */
  get leader(): number {
    // Chromium notes here who uses the folder, as host-pid.
    const pid = Number(readlinkSync(join(this.folder, 'SingletonLock')).split('-').at(-1));
    // 0 and 1 would mean: this test's own group, and everybody.
    if (!Number.isSafeInteger(pid) || pid <= 1) throw new Error('the browser left no note of itself');
    return pid;
  }

  /** As a person closes the browser: it may finish what it has begun. */
  async close(): Promise<void> {
    await this.context?.close();
    this.context = null;
  }

  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
