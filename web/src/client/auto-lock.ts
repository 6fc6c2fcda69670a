/**
 * Locks after a time without anybody at the tablet. Owns that time; a tablet that slept through it
 * is locked as soon as it wakes.
 */

/** Default by policy: 5 minutes. */
export const IDLE_MS_MAX = 5 * 60_000;
const LOOK_MS = 5_000;

export class AutoLock {
  private seenAt = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly lock: () => void,
    private readonly now: () => number = Date.now,
  ) {}

  start(): void {
    this.stop();
    this.seenAt = this.now();
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  seen(): void {
    // Waking a tablet up is no reason to stay open when its time was over before.
    this.look();
    this.seenAt = this.now();
  }

  look(): void {
    const idle = this.now() - this.seenAt;
    // A clock that was set back tells nothing about how long: lock then, too.
    if (this.timer === undefined || (idle >= 0 && idle < IDLE_MS_MAX)) return;
    this.stop();
    this.lock();
  }
}
