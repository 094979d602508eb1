import type { Progress } from "./progress.ts";

/** How thoroughly to measure. */
export interface BenchContext {
  readonly rounds: number;
  /** Calls made before those that are timed: code is compiled by then. */
  readonly warmUpCalls: number;
  /** How long a contender sends at full speed, in each round. */
  readonly floodMs: number;
  /** How long a contender sends at a steady pace, in each round. */
  readonly paceMs: number;
  /** Share of the calls that a thorough run makes. */
  readonly share: number;
  readonly progress: Progress;
}

export function benchContext(isQuick: boolean, progress: Progress): BenchContext {
  return isQuick
    ? { rounds: 1, warmUpCalls: 20, floodMs: 10, paceMs: 10, share: 0.02, progress }
    : { rounds: 9, warmUpCalls: 5_000, floodMs: 100, paceMs: 100, share: 1, progress };
}
