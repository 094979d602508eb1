import type { ModuleStatus } from "../report/module-status.ts";
import type { RunHealth, WorkerHealth } from "../report/run-health.ts";
import type { EstopState } from "../safety/estop-state.ts";
import type { CapabilityHolder } from "../safety/lease.ts";
import type { Worker } from "../worker/worker.ts";
import { UNRESPONSIVE_MS } from "./watch-workers.ts";

export function healthOf(
  modules: readonly ModuleStatus[],
  workers: readonly Worker[],
  estop: EstopState,
  capabilities: readonly CapabilityHolder[],
): RunHealth {
  const workerHealth = workers.map(({ name, pid, silentMs, rssBytes, hold, memoryFaults }): WorkerHealth => {
    const hosted = modules.filter(({ worker }) => worker === name).map(({ instance }) => instance);
    return {
      name,
      pid,
      state: silentMs > UNRESPONSIVE_MS ? "unresponsive" : "responsive",
      rssBytes,
      hold,
      memoryFaults,
      modules: hosted,
    };
  });
  const isDegraded =
    modules.some(({ state }) => state === "crashed" || state === "failed") ||
    workerHealth.some(({ state, hold }) => state === "unresponsive" || hold.held);
  return {
    state: isDegraded ? "degraded" : "healthy",
    modules: modules.map(({ instance, state, restarts }) => ({ instance, state, restarts })),
    workers: workerHealth,
    estop,
    capabilities,
  };
}
