import type { Logger } from "../log/logger.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** Without a sign of life for so long, a worker that did not do what it was asked is not just slow. */
const BLOCKED_MS = 1_000;

/**
 * Ends a worker that never returns to its event loop: a module that was to leave it takes its neighbours along, and they
 * come back on another worker. Does nothing to one that responds.
 */
export async function endBlocked(worker: string, pool: WorkerPool, log: Logger): Promise<void> {
  if ((pool.get(worker)?.silentMs ?? 0) < BLOCKED_MS) return;
  log.error(`Worker ${worker} does not respond, and a module has to leave it; it is ended`);
  await pool.kill(worker);
}
