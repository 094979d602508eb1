import type { EstopState } from "../safety/estop-state.ts";
import type { CapabilityHolder } from "../safety/lease.ts";
import type { Worker } from "../worker/worker.ts";
import type { ModuleStatus } from "./running-module.ts";
import { UNRESPONSIVE_MS } from "./watch-workers.ts";

/** How a run is doing. */
export interface RunHealth {
  /** `degraded`: something that should run does not, or does not respond. */
  readonly state: "healthy" | "degraded";
  readonly modules: readonly {
    readonly instance: string;
    readonly state: ModuleStatus["state"];
    readonly restarts: number;
  }[];
  readonly workers: readonly WorkerHealth[];
  /** Whether the emergency stop is latched. */
  readonly estop: EstopState;
  /** What skills hold now: `movement`, or `robot0/movement`. */
  readonly capabilities: readonly CapabilityHolder[];
}

export interface WorkerHealth {
  readonly name: string;
  readonly pid: number;
  readonly state: "responsive" | "unresponsive";
  /** 0 while unknown, and for modules in the coordinator's process. */
  readonly rssBytes: number;
  readonly modules: readonly string[];
}

export function healthOf(
  modules: readonly ModuleStatus[],
  workers: readonly Worker[],
  estop: EstopState,
  capabilities: readonly CapabilityHolder[],
): RunHealth {
  const workerHealth = workers.map(({ name, pid, silentMs, rssBytes }): WorkerHealth => {
    const hosted = modules.filter(({ worker }) => worker === name).map(({ instance }) => instance);
    return { name, pid, state: silentMs > UNRESPONSIVE_MS ? "unresponsive" : "responsive", rssBytes, modules: hosted };
  });
  const isDegraded =
    modules.some(({ state }) => state === "crashed" || state === "failed") ||
    workerHealth.some(({ state }) => state === "unresponsive");
  return {
    state: isDegraded ? "degraded" : "healthy",
    modules: modules.map(({ instance, state, restarts }) => ({ instance, state, restarts })),
    workers: workerHealth,
    estop,
    capabilities,
  };
}
