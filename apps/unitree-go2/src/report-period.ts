/** Says when the next report of a stream is due, without making up for those that were missed. */
export class ReportPeriod {
  readonly #periodMs: number;
  #dueMs = Number.NEGATIVE_INFINITY;

  /** @param hertz 0 for never */
  constructor(hertz: number) {
    this.#periodMs = 1000 / hertz;
  }

  isDue(nowMs: number): boolean {
    // Half a millisecond of tolerance: timers fire a little early.
    if (this.#periodMs === Number.POSITIVE_INFINITY || nowMs < this.#dueMs - 0.5) return false;
    const next = this.#dueMs + this.#periodMs;
    this.#dueMs = next > nowMs ? next : nowMs + this.#periodMs;
    return true;
  }
}
