/** Lets messages through at a mean rate, by the time at which they were published: how late they arrive is no matter. */
export class RateLimit {
  readonly #periodMs: number;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(maxRateHz: number) {
    this.#periodMs = 1000 / maxRateHz;
  }

  allows(publishedMs: number): boolean {
    const waitMs = this.#dueMs - publishedMs;
    // Farther ahead than a limit ever is: the stamps have jumped back, and waiting for the old ones would end the stream.
    if (waitMs > 0 && waitMs < 2 * this.#periodMs) return false;
    // A little late does not delay the next: 30 Hz limited to 10 Hz gives ten in a second, not every fourth.
    const isIdle = Math.abs(waitMs) > this.#periodMs;
    this.#dueMs = (isIdle ? publishedMs : this.#dueMs) + this.#periodMs;
    return true;
  }
}
