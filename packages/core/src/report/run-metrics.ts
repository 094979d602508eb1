import type { WorkerMetrics } from "../worker/metrics.ts";

/** What a run counts, worker by worker. */
export interface RunMetrics {
  readonly workers: readonly {
    readonly name: string;
    readonly pid: number;
    readonly rssBytes: number;
    /** Undefined when the worker did not answer within a second. */
    readonly metrics: WorkerMetrics | undefined;
  }[];
}
