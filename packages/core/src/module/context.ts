import type { ChildProcess, SpawnOptions } from "node:child_process";
import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import type { EstopState } from "../safety/estop-state.ts";
import type { HoldEvent } from "../safety/hold.ts";
import type { ModuleRun } from "./module-run.ts";

/** What a worker gives a module when it constructs it. Authors only pass it on: `constructor(context) { super(context) }`. */
export interface ModuleContext {
  readonly instanceName: string;
  /** `robot0` for the instance `robot0/Camera`; empty without one. */
  readonly namespace: string;
  /** Parsed and completed with defaults. */
  readonly config: unknown;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the module stops. */
  readonly signal: AbortSignal;
  /** What `runOf(module)` returns. */
  readonly run: ModuleRun;
  /** Starts a child process that ends with the module. */
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Calls back when the emergency stop is latched and when it is reset; at once when it is latched already. */
  onEstop(listener: (estop: EstopState) => unknown): void;
  /** Calls back when the actuators of this worker are held, and when that is over. */
  onHold(listener: (event: HoldEvent) => unknown): void;
  /** Check every published message against its schema. */
  readonly validate: boolean;
}
