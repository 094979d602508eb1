import type { RunMetrics } from "../report/run-metrics.ts";
import type { WorkerMetrics } from "../worker/metrics.ts";
import type { Worker } from "../worker/worker.ts";
import { UNRESPONSIVE_MS } from "./watch-workers.ts";

/** A worker that does not answer within this time is read without its counts. */
const READ_TIMEOUT_MS = 1_000;

export async function metricsOf(workers: readonly Worker[]): Promise<RunMetrics> {
  const read = async (worker: Worker): Promise<WorkerMetrics | undefined> => {
    if (worker.silentMs > UNRESPONSIVE_MS) return undefined;
    return worker.request({ type: "ReadMetrics" }, { timeoutMs: READ_TIMEOUT_MS }).catch(() => undefined);
  };
  const metrics = await Promise.all(workers.map(read));
  return {
    workers: workers.map(({ name, pid, rssBytes }, index) => ({ name, pid, rssBytes, metrics: metrics[index] })),
  };
}
