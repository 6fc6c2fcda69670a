/** One timer for the engine's deadline. */

/** The longest that setTimeout takes, in milliseconds. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;
/** A deadline that stays in the past must not keep the tablet awake. */
const TIMEOUT_MS_MIN = 20;

export class Alarm {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private deadline: number | undefined;

  constructor(private readonly due: () => void) {}

  wakeAt(deadline: number | undefined): void {
    if (deadline === this.deadline && this.timer !== undefined) return;
    clearTimeout(this.timer);
    this.deadline = deadline;
    this.timer = undefined;
    if (deadline === undefined) return;
    const wait = Math.min(Math.max(deadline - Date.now(), TIMEOUT_MS_MIN), TIMEOUT_MS_MAX);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.due();
    }, wait);
  }
}
