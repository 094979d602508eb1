/** Lets messages through at a mean rate, by the time at which they were published: how late they arrive is no matter. */
export class RateLimit {
  readonly #periodMs: number;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(maxRateHz: number) {
    this.#periodMs = 1000 / maxRateHz;
  }

  allows(publishedMs: number): boolean {
    if (publishedMs < this.#dueMs) return false;
    // A little late does not delay the next: 30 Hz limited to 10 Hz gives ten in a second, not every fourth.
    const isIdle = publishedMs - this.#dueMs > this.#periodMs;
    this.#dueMs = (isIdle ? publishedMs : this.#dueMs) + this.#periodMs;
    return true;
  }
}
