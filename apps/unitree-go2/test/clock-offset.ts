import { nowMs } from "./now-ms.ts";

/**
 * How far the clock of this process is before that of another. Each counts from its own start, whose time a busy machine
 * may tell it a tenth of a second too late. The fastest message says it best.
 */
export class ClockOffset {
  #leastMs = Number.POSITIVE_INFINITY;

  /** A message that was stamped by the other clock has just come. */
  hear(stampMs: number): void {
    this.#leastMs = Math.min(this.#leastMs, nowMs() - stampMs);
  }

  /** Now, by the other clock. */
  get otherNowMs(): number {
    return nowMs() - this.#leastMs;
  }

  /** A time of this process, by the other clock. */
  toOther(ownMs: number): number {
    return ownMs - this.#leastMs;
  }
}
