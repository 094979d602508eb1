/** What comes faster than that, one after the other, is looked for without being told: to be woken takes as long as a large message. */
const LINGER_MS = 0.3;
/** So many are not looked for, at most, after that was in vain. */
const MAX_SKIPPED = 256;

/**
 * Whether a side of a mailbox that waits for the other, a subscriber for messages or a publisher for room, looks for them for a
 * moment before it sleeps. Where that finds nothing, the other side perhaps needs this very processor: it is tried again
 * after 1, 3, 7, ... of them.
 */
export class Linger {
  #lastMs = Number.NEGATIVE_INFINITY;
  #untilMs = 0;
  #isWaiting = false;
  #skipped = 0;
  #toSkip = 0;

  /** What it waits for has come. */
  came(nowMs: number): void {
    const isSoon = nowMs - this.#lastMs < LINGER_MS;
    this.#lastMs = nowMs;
    if (this.#isWaiting) this.#skipped = 0;
    this.#isWaiting = false;
    this.#untilMs = isSoon && this.#toSkip === 0 ? nowMs + LINGER_MS : 0;
    if (isSoon && this.#toSkip > 0) this.#toSkip--;
  }

  /** Nothing is there: whether to look again. */
  goesOn(nowMs: number): boolean {
    const waited = this.#isWaiting;
    this.#isWaiting = nowMs < this.#untilMs;
    if (waited && !this.#isWaiting) {
      this.#skipped = Math.min(MAX_SKIPPED, 2 * this.#skipped + 1);
      this.#toSkip = this.#skipped;
    }
    return this.#isWaiting;
  }
}
