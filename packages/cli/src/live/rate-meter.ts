export interface Rate {
  readonly hz: number;
  readonly messages: number;
  /** Milliseconds between messages; undefined with fewer than two. */
  readonly minMs: number | undefined;
  readonly maxMs: number | undefined;
}

/** How often something happens. */
export class RateMeter {
  #times: number[] = [];
  #sinceMs = performance.now();

  count(nowMs: number): void {
    this.#times.push(nowMs);
  }

  /** The rate since the last call. */
  take(nowMs: number = performance.now()): Rate {
    const gaps = this.#times.slice(1).map((time, index) => time - (this.#times[index] as number));
    const rate: Rate = {
      hz: (this.#times.length * 1000) / (nowMs - this.#sinceMs),
      messages: this.#times.length,
      minMs: gaps.length === 0 ? undefined : Math.min(...gaps),
      maxMs: gaps.length === 0 ? undefined : Math.max(...gaps),
    };
    this.#times = [];
    this.#sinceMs = nowMs;
    return rate;
  }

  describe({ hz, minMs, maxMs }: Rate): string {
    const between = minMs === undefined ? "" : `  ${minMs.toFixed(1)} to ${(maxMs as number).toFixed(1)} ms apart`;
    return `${hz.toFixed(2)} Hz${between}`;
  }
}
