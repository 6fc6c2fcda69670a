/**
 * A slower tablet: lets a browser with all its processes and threads run only one part in `rate` of
 * the time. The browser's own throttling slows the window's thread alone, and the core runs in a
 * worker. Owns the timer, the promise that nothing stays stopped, and the account by which a timer that
 * came late is made good.
 */

const RUN_MS = 8;

export class Slow {
  private timer: NodeJS.Timeout | null = null;
  private since = 0;
  private ranMs = 0;
  private stoodMs = 0;

  /** `leader` leads the process group of the browser. */
  constructor(
    private readonly leader: number,
    private readonly rate: number,
  ) {}

  begin(): void {
    this.since = performance.now();
    this.ranMs = 0;
    this.stoodMs = 0;
    if (this.rate > 1) this.run();
  }

  end(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.tell('SIGCONT');
  }

  private run(): void {
    this.tell('SIGCONT');
    this.timer = setTimeout(() => {
      this.tell('SIGSTOP');
      this.ranMs += this.lap();
      // However long the browser ran or stood too much before: in the sum it is `rate` times slower.
      const standMs = Math.max(RUN_MS, this.ranMs * (this.rate - 1) - this.stoodMs);
      this.timer = setTimeout(() => {
        this.stoodMs += this.lap();
        this.run();
      }, standMs);
    }, RUN_MS);
  }

  /** Milliseconds since it was last asked. */
  private lap(): number {
    const before = this.since;
    this.since = performance.now();
    return this.since - before;
  }

  private tell(signal: 'SIGCONT' | 'SIGSTOP'): void {
    process.kill(-this.leader, signal);
  }
}
