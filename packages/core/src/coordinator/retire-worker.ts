import type { ModuleCalls } from "./module-calls.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** Callers that do not let go of a worker in this time lose the connection to it. */
const DRAIN_MS = 2_000;

/**
 * Ends a worker that no module is on any more. Its callers close their connections themselves: so no call is lost on its
 * way to a worker that reads it no more.
 */
export async function retireWorker(
  worker: string,
  pool: WorkerPool,
  calls: ModuleCalls,
  timeoutMs: number,
): Promise<void> {
  pool.close(worker);
  if (pool.hasRpc(worker)) {
    void calls.leave(worker).catch(() => undefined);
    // One that has ended has no callers; one that does not answer is stopped all the same.
    await pool
      .get(worker)
      ?.request({ type: "DrainRpc" }, { timeoutMs: DRAIN_MS })
      .catch(() => undefined);
  }
  await pool.stop([worker], timeoutMs);
}
