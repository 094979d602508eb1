import { setTimeout } from "node:timers/promises";
import { quantile } from "../quantile.ts";
import { nowNs, type Stamped } from "./payload.ts";

/** A link that has been silent for this long has lost what it has not delivered. */
const SILENCE_MS = 400;
const POLL_MS = 2;

export interface Collected {
  readonly received: number;
  /** Came after a later one, or twice. */
  readonly misordered: number;
  readonly lastNs: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** The receiving end: counts what arrives, and how long it was under way. */
export class Collector {
  #received = 0;
  #misordered = 0;
  #lastN = -1;
  #lastNs = 0;
  #latenciesUs: number[] = [];

  begin(): void {
    this.#received = 0;
    this.#misordered = 0;
    this.#lastN = -1;
    this.#lastNs = nowNs();
    this.#latenciesUs = [];
  }

  take({ n, t }: Stamped): void {
    this.#lastNs = nowNs();
    this.#received++;
    if (n <= this.#lastN) this.#misordered++;
    this.#lastN = n;
    if (t !== 0) this.#latenciesUs.push((this.#lastNs - t) / 1000);
  }

  /** Waits until so many are there, or until nothing comes any more. */
  async finish(count: number): Promise<Collected> {
    let seen = -1;
    let changedMs = performance.now();
    while (this.#received < count && performance.now() - changedMs < SILENCE_MS) {
      if (this.#received !== seen) changedMs = performance.now();
      seen = this.#received;
      await setTimeout(POLL_MS);
    }
    return {
      received: this.#received,
      misordered: this.#misordered,
      lastNs: this.#lastNs,
      p50Us: quantile(this.#latenciesUs, 0.5),
      p99Us: quantile(this.#latenciesUs, 0.99),
    };
  }
}
