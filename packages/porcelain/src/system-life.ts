import { dirname } from "node:path";
import { BlueprintRegistry } from "@dimos/blueprints";
import {
  type Blueprint,
  checkRunName,
  fitRunName,
  type GlobalConfigInput,
  LoadAbortedError,
  ModuleCoordinator,
  RemoteCoordinator,
  type RunEventName,
  type RunEvents,
  workingDirectory,
} from "@dimos/core";
import { checkCallOptions, MAX_TIMER_MS } from "@dimos/rpc";
import { type CallInterceptor, interceptCalls } from "./call-interceptor.ts";
import { NotRunningError, ReservedNameError, StoppedError } from "./errors.ts";
import { ModuleLookup } from "./module-lookup.ts";
import type { DimosState, RunOptions } from "./options.ts";
import { RunStreams } from "./run-streams.ts";
import type { System } from "./system.ts";
import { isName, resolveNames, resolveTargets, type Target } from "./targets.ts";

interface LifeOptions {
  readonly overrides: GlobalConfigInput;
  readonly debugCalls: boolean;
  /** Whether `Dimos` itself has a member of that name, which no module may have then. */
  readonly isReserved: (name: string) => boolean;
  readonly intercept?: CallInterceptor | undefined;
}

/** The one system of a `Dimos`, from before its first load to after its end. */
export class SystemLife {
  readonly #options: LifeOptions;
  readonly #stopping = new AbortController();
  readonly #listeners = new Set<(system: System) => () => void>();
  #registry: BlueprintRegistry | undefined;
  #system: System | undefined;
  /** The system as this program uses it. */
  #used: System | undefined;
  #lookup: ModuleLookup | undefined;
  #streams: RunStreams | undefined;
  #building: Promise<System> | undefined;
  /** Whose first load is under way. */
  #starting: System | undefined;
  #stopped: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: LifeOptions) {
    this.#options = options;
  }

  get state(): DimosState {
    if (this.#isStopped) return "stopped";
    if (this.#stopped !== undefined) return "stopping";
    if (this.#system !== undefined) return "running";
    return this.#building === undefined ? "idle" : "starting";
  }

  /** What there is of a system, also while it stops, or undefined. */
  get last(): System | undefined {
    return this.#system;
  }

  /** Throws when none runs. */
  get running(): System {
    if (this.#used === undefined || this.#stopped !== undefined) throw this.#whyNotRunning();
    return this.#used;
  }

  /** What may move: what runs, is about to, has not stopped yet, or cannot be asked any more. */
  get present(): System {
    const system = this.#system ?? this.#starting;
    if (system !== undefined && (!this.#isStopped || system.lost !== undefined)) return system;
    throw this.#whyNotRunning();
  }

  get modules(): ModuleLookup {
    void this.running;
    return this.#lookup as ModuleLookup;
  }

  get streams(): RunStreams {
    const system = this.running;
    this.#streams ??= new RunStreams(system);
    return this.#streams;
  }

  /** Adds to the system; the first time that begins it. Resolves to the instance names of what was added. */
  async load(target: Target | readonly Target[], options: RunOptions): Promise<readonly string[]> {
    if (this.#stopped !== undefined) throw new StoppedError();
    checkCallOptions(options);
    checkRunName(options.name);
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = options;
    const signals = [this.#stopping.signal];
    if (signal !== undefined) signals.push(signal);
    if (timeoutMs <= MAX_TIMER_MS) signals.push(AbortSignal.timeout(Math.max(0, timeoutMs)));
    const isOver = AbortSignal.any(signals);
    const load = (over: AbortSignal) => this.#load(target, { ...options, signal: over }, over);
    const { intercept } = this.#options;
    if (intercept === undefined) return load(isOver);
    const name = `run ${[target].flat().filter(isName).join(", ") || "modules"}`;
    const make = ({ signal: ended = isOver }: { readonly signal?: AbortSignal } = {}) =>
      load(AbortSignal.any([isOver, ended]));
    return (await intercept({ kind: "run", name, make })) as readonly string[];
  }

  /** From here on this is the system. */
  adopt(system: System): void {
    const { intercept } = this.#options;
    const used = intercept === undefined ? system : interceptCalls(system, intercept);
    this.#system = system;
    this.#used = used;
    this.#lookup = new ModuleLookup(used, () => this.#discover(), this.#options.debugCalls);
    for (const attach of this.#listeners) attach(system);
    system.on("stopped", () => {
      this.#isStopped = true;
    });
  }

  on<K extends RunEventName>(name: K, callback: (event: RunEvents[K]) => void): () => void {
    let off: (() => void) | undefined;
    const attach = (system: System) => {
      // A function of its own: the same callback may listen twice.
      off = system.on(name, (event) => callback(event));
      return off;
    };
    this.#listeners.add(attach);
    if (this.#system !== undefined) attach(this.#system);
    return () => {
      this.#listeners.delete(attach);
      off?.();
    };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  #whyNotRunning(): Error {
    const system = this.#system;
    if (system?.lost !== undefined) return system.lost;
    const hasLeft = system instanceof RemoteCoordinator && !system.hasEnded && this.#stopped !== undefined;
    if (!hasLeft) return new NotRunningError();
    return new NotRunningError(
      `This Dimos has disconnected from run ${system.runId}, which may go on without it: connect again`,
    );
  }

  async #load(
    target: Target | readonly Target[],
    options: RunOptions,
    isOver: AbortSignal,
  ): Promise<readonly string[]> {
    const names = [target].flat().filter(isName);
    if (this.#system instanceof RemoteCoordinator && names.length === [target].flat().length) {
      return this.#system.loadNames(names, options);
    }
    const blueprint = await unlessAborted(
      resolveTargets(target, () => this.#discover()),
      isOver,
    );
    // A first run that is still under way may fail: then the second becomes the first.
    while (this.#building !== undefined)
      await unlessAborted(
        this.#building.catch(() => undefined),
        isOver,
      );
    if (this.#stopped !== undefined) throw new StoppedError();
    for (const { instance } of blueprint.entries)
      if (this.#options.isReserved(instance)) throw new ReservedNameError(instance);
    if (this.#system !== undefined) return this.#system.loadBlueprint(blueprint, options);
    return this.#start(blueprint, names, options);
  }

  async #start(blueprint: Blueprint, names: readonly string[], options: RunOptions): Promise<readonly string[]> {
    const name = options.name ?? (names.length === 0 ? undefined : fitRunName(...names));
    this.#building = ModuleCoordinator.build(blueprint, {
      ...options,
      ...(name === undefined ? {} : { name }),
      ...(names.length === 0 ? {} : { blueprints: names }),
      ...(options.blueprints === undefined ? {} : { blueprints: options.blueprints }),
      globals: this.#options.overrides,
      onCoordinator: (coordinator) => {
        this.#starting = coordinator;
      },
      resolveNames: (wanted) => resolveNames(wanted, this.#discover()),
    });
    try {
      this.adopt(await this.#building);
    } finally {
      this.#building = undefined;
      this.#starting = undefined;
    }
    return this.running.listModules().map(({ instance }) => instance);
  }

  async #stop(): Promise<void> {
    this.#stopping.abort(new StoppedError());
    await this.#building?.catch(() => undefined);
    try {
      await this.#streams?.[Symbol.asyncDispose]();
      await this.#system?.[Symbol.asyncDispose]();
    } finally {
      this.#isStopped = true;
    }
  }

  #discover(): BlueprintRegistry {
    const from = process.argv[1] === undefined ? workingDirectory() : dirname(process.argv[1]);
    this.#registry ??= BlueprintRegistry.discover({ from });
    return this.#registry;
  }
}

/** Stops waiting for what cannot be aborted itself: another load, or the import of a module. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () =>
    reject(signal.reason instanceof StoppedError ? signal.reason : new LoadAbortedError(signal.reason));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
