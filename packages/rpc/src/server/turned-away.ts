/** So that a burst is one report. */
const COLLECT_MS = 1_000;
const PERIOD_MS = 10_000;
/** Whoever connects from everywhere must not fill the memory. */
const MAX_ADDRESSES = 8;

/** Connections that a server closed because they had not shown a token, since the last report. */
export interface TurnedAway {
  readonly count: number;
  /** How many from which address. Addresses beyond the eighth are left out. */
  readonly from: ReadonlyMap<string, number>;
}

/** Counts connections that are turned away, and reports them together, at most every ten seconds. */
export class TurnedAwayReports {
  readonly #report: (turnedAway: TurnedAway) => void;
  #count = 0;
  #from = new Map<string, number>();
  #nextMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(report: (turnedAway: TurnedAway) => void) {
    this.#report = report;
  }

  add(address: string): void {
    this.#count += 1;
    const before = this.#from.get(address);
    if (before !== undefined || this.#from.size < MAX_ADDRESSES) this.#from.set(address, (before ?? 0) + 1);
    const waitMs = Math.max(COLLECT_MS, this.#nextMs - performance.now());
    this.#timer ??= setTimeout(() => this.flush(), waitMs).unref();
  }

  /** Reports what has not been reported yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#count === 0) return;
    const turnedAway = { count: this.#count, from: this.#from };
    this.#count = 0;
    this.#from = new Map();
    this.#nextMs = performance.now() + PERIOD_MS;
    this.#report(turnedAway);
  }
}
