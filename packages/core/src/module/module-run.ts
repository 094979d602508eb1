import type { GlobalConfig } from "../config/global-config.ts";
import type { RunEventName, RunEvents } from "../report/events.ts";
import type { ModuleStatus } from "../report/module-status.ts";
import type { EstopReport } from "../safety/estop-state.ts";
import type { CallOptions, SkillContext } from "./methods.ts";
import type { ModuleBase } from "./module.ts";
import { INTERNALS, type ModuleCore } from "./module-core.ts";

/** Settings of the run that modules may know: all but its secrets. */
export type RunSettings = Omit<GlobalConfig, "token" | "callToken">;

export function runSettingsOf({ token: _, callToken: __, ...settings }: GlobalConfig): RunSettings {
  return settings;
}

/** What a caller in the run may say beside the arguments. */
export interface RunCallOptions extends CallOptions {
  /** How long to wait for the answer or the next progress, unless there is a `timeoutMs`. Default: the method's own. */
  readonly idleTimeoutMs?: number;
  /**
   * The skill holds a capability, or waits for one: from now on its caller has to show that it lives. One that calls for
   * somebody else begins to ask that one, and returns what ends it; it aborts the call of one that is silent.
   */
  readonly onAsking?: () => () => void;
  /** How an aborted call ended after all: what an interrupted skill says that it did. At most once, after the rejection. */
  readonly onLateOutcome?: (outcome: PromiseSettledResult<unknown>) => void;
}

/**
 * The run that a module is part of, as that module sees it: for modules that offer what all the others can do, like a
 * server for agents. What a module needs of one other module is a reference.
 */
export interface ModuleRun {
  readonly runId: string;
  readonly settings: RunSettings;
  /** What runs now, the module itself included; while a load is under way also what is not started yet: see `state`. */
  listModules(): Promise<readonly ModuleStatus[]>;
  /**
   * Calls an rpc method or skill of any module, by instance name, with `signal`, `timeoutMs` and `onProgress`. Default
   * deadline: the method's own. While that module restarts, the call waits. Aborted when the calling module stops. What a
   * skill calls with it borrows what the skill `uses`, and ends with it, as through a reference. Rejects with
   * `NoSuchModuleError`, with a suggestion, when there is none of that name.
   */
  call(instance: string, method: string, args?: readonly unknown[], options?: RunCallOptions): Promise<unknown>;
  /**
   * Latches the emergency stop of the whole run, as `dimos estop` does: what moves is aborted, actuators halt, and nothing
   * moves until a person resets it. A module cannot. Rejects with `EstopUndeliveredError` when nothing confirmed it.
   */
  estop(reason: string): Promise<EstopReport>;
  /**
   * The call that the module is answering: for rpc methods, which are given nothing but their arguments. `signal` is aborted
   * when the caller aborts or is gone. Undefined where no call is answered.
   */
  answering(): SkillContext | undefined;
  /**
   * Tells of what happens in the run; `modulesChanged` after every load, unload and restart. Resolves when it listens, to
   * a function that takes the listener away again; it goes by itself when the module stops.
   */
  on<K extends RunEventName>(name: K, listener: (event: RunEvents[K]) => void): Promise<() => void>;
}

/** The run that a module is part of. Nothing is connected before it is first used, so `start()` may use it. */
export function runOf(module: ModuleBase): ModuleRun {
  return (module as unknown as ModuleCore)[INTERNALS].run;
}
