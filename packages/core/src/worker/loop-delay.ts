import { monitorEventLoopDelay } from "node:perf_hooks";
import type { DelayMetrics } from "./metrics.ts";

/** How often the delay is measured, once somebody has asked for it. */
const INTERVAL_MS = 20;
const NS_PER_MS = 1e6;

/** By how much timers of this process come late. Measures nothing before the first reading. */
export class LoopDelay implements Disposable {
  #histogram: ReturnType<typeof monitorEventLoopDelay> | undefined;

  /** Since the reading before; undefined at the first one. */
  read(): DelayMetrics | undefined {
    const histogram = this.#histogram;
    if (histogram === undefined) {
      this.#histogram = monitorEventLoopDelay({ resolution: INTERVAL_MS });
      this.#histogram.enable();
      return undefined;
    }
    if (histogram.count === 0) return undefined;
    // It holds the time from one measurement to the next.
    const late = (ns: number) => Math.max(0, ns / NS_PER_MS - INTERVAL_MS);
    const delay = { mean: late(histogram.mean), p99: late(histogram.percentile(99)), max: late(histogram.max) };
    histogram.reset();
    return delay;
  }

  [Symbol.dispose](): void {
    this.#histogram?.disable();
  }
}
