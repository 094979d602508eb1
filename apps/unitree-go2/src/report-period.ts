/** Says when the next report of a stream is due, without making up for those that were missed. */
export class ReportPeriod {
  readonly #periodMs: number;
  #dueMs = Number.NEGATIVE_INFINITY;

  /** @param hertz 0 for never */
  constructor(hertz: number) {
    this.#periodMs = 1000 / hertz;
  }

  isDue(nowMs: number): boolean {
    if (this.#periodMs === Number.POSITIVE_INFINITY) return false;
    const waitMs = this.#dueMs - nowMs;
    // No report is ever due later than in a period: the clock was set back, and waiting for its old time would end the reports.
    const isSetBack = waitMs > 2 * this.#periodMs;
    // Half a millisecond of tolerance: timers fire a little early.
    if (waitMs > 0.5 && !isSetBack) return false;
    const next = this.#dueMs + this.#periodMs;
    this.#dueMs = next > nowMs && !isSetBack ? next : nowMs + this.#periodMs;
    return true;
  }
}
