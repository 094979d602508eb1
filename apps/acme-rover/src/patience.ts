/** A process that was held up has heard nothing meanwhile: more than this never counts between two looks. Milliseconds. */
const MOST_MS = 500;

/** Counts for how long nothing has gone on, by a steady clock and not by the number of looks, which may come late. */
export class Patience {
  readonly #limitMs: number;
  #lastMs: number;
  #waitedMs = 0;

  constructor(limitMs: number, nowMs: number) {
    this.#limitMs = limitMs;
    this.#lastMs = nowMs;
  }

  /** Takes a look at `nowMs`. Returns whether the way has not been free for longer than the limit. */
  isOver(isFree: boolean, nowMs: number): boolean {
    const elapsedMs = Math.min(nowMs - this.#lastMs, MOST_MS);
    this.#lastMs = nowMs;
    this.#waitedMs = isFree ? 0 : this.#waitedMs + elapsedMs;
    return this.#waitedMs > this.#limitMs;
  }
}
