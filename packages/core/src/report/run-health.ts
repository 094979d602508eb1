import type { EstopState } from "../safety/estop-state.ts";
import type { HoldState } from "../safety/hold.ts";
import type { CapabilityHolder } from "../safety/lease.ts";
import type { MemoryFaults } from "./memory-faults.ts";
import type { ModuleState } from "./module-status.ts";

/** How a run is doing. */
export interface RunHealth {
  /** `degraded`: something that should run does not, or does not respond. */
  readonly state: "healthy" | "degraded";
  readonly modules: readonly {
    readonly instance: string;
    readonly state: ModuleState;
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
  /** Whether the actuators there are held, because the coordinator did not answer. */
  readonly hold: HoldState;
  /** Of the streams that are published there; empty unless something writes into memory that is not its own. */
  readonly memoryFaults: MemoryFaults;
  readonly modules: readonly string[];
}
