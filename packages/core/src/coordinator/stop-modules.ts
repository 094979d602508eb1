import { startOrder } from "../blueprint/start-order.ts";
import type { Logger } from "../log/logger.ts";
import { needsOf } from "./deployment.ts";
import type { RunningModule } from "./running-module.ts";
import type { WorkerPool } from "./worker-pool.ts";

/**
 * Asks modules to stop, consumers before their providers. Each group has its share of the time: one that overruns it
 * does not hold up the next.
 */
export async function stopModules(
  modules: readonly RunningModule[],
  pool: WorkerPool,
  log: Logger,
  timeoutMs: number,
): Promise<void> {
  const byName = new Map(modules.map((module) => [module.plan.instance, module]));
  const groups = startOrder(new Map(modules.map((module) => [module.plan.instance, needsOf(module)]))).reverse();
  for (const group of groups) {
    const share = timeoutMs / groups.length;
    await Promise.all(
      group.map(async (instance) => {
        const module = byName.get(instance) as RunningModule;
        const worker = pool.get(module.worker);
        if (worker === undefined) return;
        module.state = "stopping";
        await worker
          .request({ type: "StopModule", instance }, { timeoutMs: share })
          .catch((error: unknown) => log.warn(`${instance} did not stop cleanly`, { err: error }));
      }),
    );
  }
}
