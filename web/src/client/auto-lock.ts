/**
 * Locks after a time without anybody at the tablet, and warns before. Owns that time; a tablet that
 * slept through it is locked as soon as it wakes.
 */

/** By policy: 5 minutes where it says nothing, 30 at most. */
const MINUTES = 5;
const MINUTES_MAX = 30;
const MINUTE_MS = 60_000;
/** Time enough to say that one is still there (WCAG 2.2.1 asks for 20 seconds). */
export const WARN_MS = MINUTE_MS;
const LOOK_MS = 5_000;

/** How long a tablet stays open without anybody, by a policy of so many minutes. */
export function idleMs(minutes: number = MINUTES): number {
  return Math.min(Math.max(Number.isFinite(minutes) ? minutes : MINUTES, 2), MINUTES_MAX) * MINUTE_MS;
}

export interface AutoLockEvents {
  lock(): void;
  /** It locks in so many milliseconds; null: no more, somebody is there. */
  warn(ms: number | null): void;
}

export class AutoLock {
  private seenAt = 0;
  private idle = idleMs();
  private warned = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly events: AutoLockEvents,
    private readonly now: () => number = Date.now,
  ) {}

  start(idle: number = idleMs()): void {
    this.stop();
    this.idle = idle;
    this.seenAt = this.now();
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** The policy has changed: from now on it is so long. */
  limit(idle: number): void {
    this.idle = idle;
    this.look();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.calm();
  }

  seen(): void {
    // Waking a tablet up is no reason to stay open when its time was over before.
    this.look();
    if (this.timer === undefined) return;
    this.seenAt = this.now();
    this.calm();
  }

  look(): void {
    if (this.timer === undefined) return;
    const left = this.idle - (this.now() - this.seenAt);
    // A clock that was set back tells nothing about how long: lock then, too.
    if (left <= 0 || left > this.idle) {
      this.stop();
      this.events.lock();
    } else if (left <= WARN_MS && !this.warned) {
      this.warned = true;
      this.events.warn(left);
    }
  }

  private calm(): void {
    if (!this.warned) return;
    this.warned = false;
    this.events.warn(null);
  }
}
