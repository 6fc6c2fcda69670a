/**
 * Leads one window from start to open vault and back. Owns the phase, and which profile this window
 * has; starts a new worker when one has broken. Refuses to know what is in a record.
 */

import { type Readable, writable } from 'svelte/store';
import type { Event, Me, Reply, Request, Status } from '../generated';
import { choose, chosenSlot } from '../platform/chosen-slot';
import { DeviceStore } from '../platform/device-store';
import { askToPersist, isPersisted } from '../platform/persistence';
import { isSupported } from '../platform/support';
import type { StopReason } from '../worker/messages';
import { AutoLock, idleMs } from './auto-lock';
import type { Client, Phase, ProfileEntry } from './contract';
import { Courier } from './courier';
import { Link, failed } from './link';

/** So many broken workers within this time are one too many. */
const CRASHES_MAX = 3;
const CRASHES_MS = 60_000;

export function createClient(): Client {
  const session = new Session();
  void session.start();
  return session;
}

class Session implements Client {
  private readonly phases = writable<Phase>({ type: 'starting' });
  private readonly statuses = writable<Status | null>(null);
  private readonly pauses = writable(0);
  readonly phase: Readable<Phase> = this.phases;
  private readonly locking = writable(0);
  readonly pause: Readable<number> = this.pauses;
  readonly locksAt: Readable<number> = this.locking;
  readonly status: Readable<Status | null> = this.statuses;
  private readonly portals = writable(false);
  readonly portal: Readable<boolean> = this.portals;

  private readonly listeners = new Set<(cases: string[]) => void>();
  private keep: () => Promise<void> = () => Promise.resolve();
  private readonly autoLock = new AutoLock({
    lock: () => void this.lock(),
    warn: (ms) => this.locking.set(ms === null ? 0 : performance.now() + ms),
  });
  private readonly courier = new Courier(() => this.others());
  private device: Promise<DeviceStore> | undefined;
  private link: Link | null = null;
  private me: Me | null = null;
  private readonly crashes: number[] = [];

  async start(): Promise<void> {
    this.watchWindow();
    try {
      if (!(await isSupported())) return this.enter({ type: 'failed', reason: 'unsupported' });
      const device = await this.deviceStore();
      const chosen = chosenSlot();
      await device.removeEmptySlots(Date.now(), chosen);
      const profiles = await this.profiles();
      const only = profiles.length === 1 ? profiles[0] : undefined;
      if (chosen !== null && (await device.has(chosen))) this.connect(chosen, false);
      else if (only !== undefined) this.connect(only.slot, false);
      else this.enter({ type: 'pick', profiles });
    } catch (error) {
      this.breakDown(error);
    }
  }

  request(request: Request): Promise<Reply> {
    if (this.link === null) return Promise.resolve(failed({ code: 'wrong_moment' }));
    return this.link.request(request);
  }

  onChanged(listener: (cases: string[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async openProfile(slot: string | 'new'): Promise<void> {
    try {
      this.disconnect();
      this.enter({ type: 'starting' });
      const device = await this.deviceStore();
      this.connect(slot === 'new' ? await device.addSlot(Date.now()) : slot, false);
    } catch (error) {
      this.breakDown(error);
    }
  }

  async profiles(): Promise<ProfileEntry[]> {
    const records = await (await this.deviceStore()).profiles();
    return records.map(({ slot, name, agency, createdAt }) => ({
      slot,
      name,
      agency,
      addedAt: createdAt,
      open: slot === this.link?.slot,
    }));
  }

  takeOver(): Promise<void> {
    const slot = chosenSlot();
    if (slot !== null) this.connect(slot, true);
    return Promise.resolve();
  }

  beforeLock(keep: () => Promise<void>): void {
    this.keep = keep;
  }

  async lock(): Promise<void> {
    await this.keep();
    await this.request({ type: 'lock' });
    if (this.me !== null) this.enter({ type: 'locked' });
  }

  persisted(): Promise<boolean | null> {
    return isPersisted();
  }

  seen(): void {
    this.autoLock.seen();
  }

  private connect(slot: string, takeOver: boolean): void {
    this.disconnect();
    this.courier.makeRoom(slot);
    choose(slot);
    this.enter({ type: 'starting' });
    this.link = new Link(slot, takeOver, {
      told: (event) => this.hear(event),
      replied: (reply) => this.follow(reply),
      portal: (seen) => this.portals.set(seen),
      elsewhere: () => this.enter({ type: 'elsewhere' }),
      stopped: (reason) => this.replace(slot, reason),
    });
  }

  private disconnect(): void {
    this.link?.end();
    this.link = null;
    this.statuses.set(null);
    this.pauses.set(0);
    this.portals.set(false);
  }

  /** Every change of phase goes through here: what belongs to an open vault ends with it. */
  private enter(phase: Phase): void {
    if (phase.type === 'unlocked') {
      const idle = idleMs(phase.me.auto_lock_minutes);
      if (this.me === null) this.autoLock.start(idle);
      else this.autoLock.limit(idle);
      this.me = phase.me;
    } else {
      this.me = null;
      this.autoLock.stop();
    }
    this.phases.set(phase);
    if (phase.type === 'pick') this.sendForOthers();
  }

  private hear(event: Exclude<Event, { type: 'reply' }>): void {
    switch (event.type) {
      case 'ready':
        if (event.stage !== 'unlocked') this.enter({ type: event.stage });
        return;
      case 'pause':
        this.pauses.set(performance.now() + event.wait_ms);
        return;
      case 'status':
        this.statuses.set(event.status);
        // Whoever is here comes first.
        if (event.status.connection.type === 'level' && event.status.unsent === 0) this.sendForOthers();
        return;
      case 'changed':
        for (const listener of this.listeners) listener(event.cases);
        return;
      case 'me':
        // A newcomer's name and agency come with the first records.
        if (this.me !== null) void this.recognise(event.me);
        return;
    }
  }

  private follow(reply: Reply): void {
    if (reply.type === 'unlocked') {
      void this.recognise(reply.me);
      void askToPersist();
    } else if (reply.type === 'failed' && reply.failure.code === 'locked' && this.me !== null) {
      this.enter({ type: 'locked' });
    }
  }

  private async recognise(me: Me): Promise<void> {
    this.enter({ type: 'unlocked', me });
    const slot = this.link?.slot;
    if (slot !== undefined) await (await this.deviceStore()).markJoined(slot, me.name, me.agency);
  }

  /** A broken worker is never asked again: a new one starts from the disk, locked. */
  private replace(slot: string, reason: StopReason): void {
    const now = Date.now();
    this.crashes.push(now);
    const recent = this.crashes.filter((at) => now - at < CRASHES_MS);
    this.crashes.splice(0, this.crashes.length, ...recent);
    if (reason === 'storage_full' || recent.length >= CRASHES_MAX) {
      this.disconnect();
      this.enter({ type: 'failed', reason });
    } else {
      this.connect(slot, false);
    }
  }

  private sendForOthers(): void {
    if (!navigator.onLine) return;
    // It is no more than a courtesy: what it cannot do now is done once that person is here.
    this.courier.go().catch(() => {});
  }

  private async others(): Promise<string[]> {
    return (await this.profiles()).filter((one) => !one.open).map((one) => one.slot);
  }

  private breakDown(error: unknown): void {
    console.error('the app could not start', error);
    const full = error instanceof Error && error.name === 'QuotaExceededError';
    this.enter({ type: 'failed', reason: full ? 'storage_full' : 'storage' });
  }

  private watchWindow(): void {
    addEventListener('online', () => {
      this.link?.network(true);
      if (this.link === null) this.sendForOthers();
    });
    addEventListener('offline', () => this.link?.network(false));
    addEventListener('pageshow', () => this.autoLock.look());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible') return;
      this.autoLock.look();
      this.link?.network(true);
    });
  }

  private deviceStore(): Promise<DeviceStore> {
    this.device ??= DeviceStore.open();
    return this.device;
  }
}
