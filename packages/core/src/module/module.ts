import type { ChildProcess, SpawnOptions } from "node:child_process";
import { type Blueprint, blueprintOf } from "../blueprint/blueprint.ts";
import { hasBrand, MODULE } from "../brand.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import type { EstopState } from "../safety/estop-state.ts";
import type { HoldEvent } from "../safety/hold.ts";
import type { InferInput, StandardSchema } from "../schema.ts";
import { checkCommands, checkSpec, mergeSpecs } from "./check-spec.ts";
import type { ModuleContext } from "./context.ts";
import { ModuleCore } from "./module-core.ts";
import type { ModuleMembers, ModuleSpec } from "./spec.ts";

/** What every module has, whatever its spec says. */
export interface ModuleBase {
  /** The exact deployed name: `Camera`, or `robot0/Camera` in a namespace. */
  readonly instanceName: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Aborted when the module stops. */
  readonly signal: AbortSignal;
  /** Heavy, one-time work, after ports are wired and references are there. */
  build(): Promise<void>;
  /** Providers start before the modules that refer to them. */
  start(): Promise<void>;
  /** Runs at most once, then what `onStop` was given, last first. */
  stop(): Promise<void>;
  onStop(disposer: () => unknown): void;
  /**
   * Calls back when the emergency stop is latched (halt now: a promise that does not settle within 500 ms costs an
   * actuator its worker) and when it is reset; at once when it is latched already.
   */
  onEstop(listener: (estop: EstopState) => unknown): void;
  /**
   * Calls back when actuators are held, because the coordinator does not answer, and when that is over. Only an actuator
   * hears the beginning (halt now); every module hears the end of a hold that cancelled what was moving (forget goals).
   */
  onHold(listener: (event: HoldEvent) => unknown): void;
  /**
   * Starts a child process, as `node:child_process` does, that never outlives the module: it gets SIGTERM after
   * `stop()`, SIGKILL a second later, and SIGKILL at once when the worker dies, with everything it started (on Linux).
   */
  spawn(command: string, args?: readonly string[], options?: SpawnOptions): ChildProcess;
  /** A frame id in this module's namespace: `robot0/base_link`. */
  frame(id: string): string;
}

type ConfigInput<S extends ModuleSpec> = S["config"] extends StandardSchema
  ? InferInput<S["config"]>
  : Record<string, never>;

/** A module class, whatever its ports are. */
export interface ModuleClass<T extends ModuleBase = ModuleBase> {
  new (context: ModuleContext): T;
  readonly name: string;
  readonly [MODULE]: ModuleSpec;
  blueprint(config?: Readonly<Record<string, unknown>>): Blueprint;
}

/** The base class that `Module(spec)` returns. */
export interface ModuleConstructor<S extends ModuleSpec, Base extends object = ModuleBase> {
  new (context: ModuleContext): Base & ModuleMembers<S>;
  readonly [MODULE]: ModuleSpec;
  /** A blueprint of this one module. `config` is checked when the blueprint is loaded. */
  blueprint(config?: Partial<ConfigInput<S>>): Blueprint;
}

/**
 * The base class of a module: `class Camera extends Module({ source: import.meta.url, outputs: { image: Image } })`.
 * Ports, references and config of the spec are typed members of `this`.
 *
 * @param base another module class to build on: its ports, references and config come along
 */
export function Module<S extends ModuleSpec>(spec: S): ModuleConstructor<S>;
export function Module<S extends ModuleSpec, Base extends ModuleBase>(
  spec: S,
  base: ModuleClass<Base>,
): ModuleConstructor<S, Base>;
export function Module(spec: ModuleSpec, base?: ModuleClass): unknown {
  checkSpec(spec);
  const merged = base === undefined ? spec : mergeSpecs(base[MODULE], spec);
  checkCommands(merged);
  const parent = (base ?? ModuleCore) as typeof ModuleCore;
  return class extends parent {
    static override readonly [MODULE] = Object.freeze(merged);
    static blueprint(this: ModuleClass, config: Record<string, unknown> = {}): Blueprint {
      return blueprintOf(this, config);
    }
  };
}

export function isModuleClass(value: unknown): value is ModuleClass {
  return typeof value === "function" && hasBrand(value, MODULE);
}
