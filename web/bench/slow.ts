/**
 * A slower tablet: lets a browser with all its processes and threads run only one part in `rate` of
 * the time. The browser's own throttling slows the window's thread alone, and the core runs in a
 * worker. Owns the timer and the promise that nothing stays stopped.
 */

const RUN_MS = 8;

export class Slow {
  private timer: NodeJS.Timeout | null = null;

  /** `leader` leads the process group of the browser. */
  constructor(
    private readonly leader: number,
    private readonly rate: number,
  ) {}

  begin(): void {
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
      this.timer = setTimeout(() => this.run(), RUN_MS * (this.rate - 1));
    }, RUN_MS);
  }

  private tell(signal: 'SIGCONT' | 'SIGSTOP'): void {
    process.kill(-this.leader, signal);
  }
}
