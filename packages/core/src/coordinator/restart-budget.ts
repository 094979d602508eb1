import type { RestartPolicy } from "../module/spec.ts";

const WINDOW_MS = 10_000;
const MAX_RESTARTS = 5;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;

/**
 * How long to wait before a crashed module is started again: not at all at first, then exponentially longer, with
 * jitter. After too many crashes in 10 s the module is given up; 10 s without one, and the count begins anew.
 */
export class RestartBudget {
  readonly #policy: RestartPolicy;
  readonly #random: () => number;
  #crashesMs: number[] = [];

  constructor(policy: RestartPolicy | undefined, random: () => number = Math.random) {
    this.#policy = policy ?? { policy: "on-failure" };
    this.#random = random;
  }

  get crashes(): number {
    return this.#crashesMs.length;
  }

  /** Milliseconds to wait before the next start; undefined when the module stays down. */
  crashed(nowMs: number, wasFailure: boolean): number | undefined {
    const { policy, maxRestarts = MAX_RESTARTS, backoffMs = FIRST_BACKOFF_MS } = this.#policy;
    if (policy === "never" || (policy === "on-failure" && !wasFailure)) return undefined;
    this.#crashesMs = [...this.#crashesMs.filter((atMs) => nowMs - atMs < WINDOW_MS), nowMs];
    const count = this.#crashesMs.length;
    if (count > maxRestarts) return undefined;
    if (count === 1) return 0;
    const backoff = Math.min(backoffMs * 2 ** (count - 2), MAX_BACKOFF_MS);
    return backoff * (0.75 + 0.5 * this.#random());
  }
}
