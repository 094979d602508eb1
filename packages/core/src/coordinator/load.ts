import { setImmediate as turn } from "node:timers/promises";
import { startOrder } from "../blueprint/start-order.ts";
import { checkStreams } from "../blueprint/streams.ts";
import { LoadError, type LoadPhase, WorkerExitedError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import type { LoadProgress } from "../report/load-progress.ts";
import type { ModuleState } from "../report/module-status.ts";
import { contentHash } from "../source-files.ts";
import { describeExit } from "../worker/worker.ts";
import { type Deployment, needsOf, refsOf } from "./deployment.ts";
import { endBlocked } from "./end-blocked.ts";
import { adoptShape } from "./fit.ts";
import type { LoadPlan, PlannedEntry } from "./plan.ts";
import { stopModules } from "./stop-modules.ts";

/** Undoing a failed load may take this long per module; a worker that it had started is ended after that. */
const UNDO_TIMEOUT_MS = 2_000;

interface LoadOptions {
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** One transaction: either every module of the plan runs at the end, or nothing of it is left. */
export class Load {
  readonly #plan: LoadPlan;
  readonly #deployment: Deployment;
  readonly #options: LoadOptions;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  readonly #startedWorkers: string[] = [];
  #workers: ReadonlyMap<string, string> = new Map();
  #phaseNow: LoadPhase = "spawn";

  constructor(plan: LoadPlan, deployment: Deployment, options: LoadOptions) {
    this.#plan = plan;
    this.#deployment = deployment;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#abort.signal]);
  }

  async run(): Promise<void> {
    const { entries } = this.#plan;
    try {
      this.#deployment.disabled.push(...this.#plan.disabled);
      this.#signal.throwIfAborted();
      await this.#spawn();
      this.#watchWorkers();
      await this.#inParallel("deploy", names(entries), (instance) => this.#deploy(instance));
      this.#resolveRefs();
      await this.#wireAll();
      await this.#inParallel("wire", names(entries), (instance) =>
        this.#deployment.setRefs(this.#deployment.running(instance), this.#signal),
      );
      const order = startOrder(
        new Map(names(entries).map((instance) => [instance, needsOf(this.#deployment.running(instance))])),
      );
      await this.#phase("build", "building", order);
      await this.#phase("start", "starting", order);
      this.#markRunning();
      await this.#returnToConsumers();
    } catch (error) {
      this.#abort.abort(error);
      await this.#undo();
      throw error;
    }
  }

  async #spawn(): Promise<void> {
    const { pool } = this.#deployment;
    const placement = pool.reserve(this.#plan.entries.map((entry) => this.#request(entry)));
    this.#workers = placement.workers;
    const first = (name: string) =>
      this.#plan.entries.find(({ instance }) => placement.workers.get(instance) === name) as PlannedEntry;
    const workerOf = new Map(placement.added.map((name) => [first(name).instance, name]));
    await this.#inParallel("spawn", [...workerOf.keys()], async (instance) => {
      const name = workerOf.get(instance) as string;
      await pool.start(name, this.#signal);
      this.#startedWorkers.push(name);
    });
  }

  /** A worker that has imported the module's file before it was edited would run it as it was. */
  #request(entry: PlannedEntry) {
    const { source: path } = entry.shape;
    const sources = [{ path, hash: contentHash(path) ?? "" }];
    return { ...entry, sources, isEdited: this.#deployment.pool.hasOther(sources) };
  }

  /** A worker that ends takes what is loaded there with it, also what waits for others by then: that ends the load at once. */
  #watchWorkers(): void {
    for (const [instance, name] of this.#workers) void this.#watch(instance, name);
  }

  async #watch(instance: string, name: string): Promise<void> {
    const exit = await this.#deployment.pool.get(name)?.exited;
    // Of several modules there, one that was at work says so first.
    await turn();
    if (exit === undefined) return;
    this.#abort.abort(new LoadError(instance, this.#phaseNow, new WorkerExitedError(name, describeExit(exit))));
  }

  async #deploy(instance: string): Promise<void> {
    const plan = this.#plan.entries.find((entry) => entry.instance === instance) as PlannedEntry;
    const worker = this.#workers.get(instance) as string;
    const description = await this.#deployment.construct(plan, worker, this.#signal);
    this.#deployment.modules.set(instance, {
      // This process may have imported the file before it was edited.
      plan: adoptShape(plan, description),
      description,
      worker,
      refs: new Map(),
      state: "deployed",
      restarts: 0,
    });
  }

  #resolveRefs(): void {
    const modules = this.#plan.entries.map(({ instance }) => this.#deployment.running(instance));
    checkStreams([...this.#deployment.modules.values()].map(({ plan }) => plan));
    const resolutions = this.#deployment.resolve(modules.map(({ plan }) => plan));
    for (const module of modules) {
      const { instance } = module.plan;
      // They came in the order in which they were constructed; people expect that of the blueprint.
      this.#deployment.modules.delete(instance);
      this.#deployment.modules.set(instance, { ...module, refs: refsOf(module.plan, resolutions) });
    }
  }

  async #wireAll(): Promise<void> {
    this.#phaseNow = "wire";
    try {
      await this.#deployment.wireAll(names(this.#plan.entries), this.#signal);
    } catch (error) {
      throw this.#signal.aborted ? this.#signal.reason : error;
    }
  }

  /** Providers before consumers: each group when the one before is done. */
  async #phase(phase: "build" | "start", state: ModuleState, order: readonly string[][]): Promise<void> {
    const total = order.flat().length;
    let done = 0;
    for (const group of order) {
      for (const instance of group) this.#deployment.running(instance).state = state;
      await this.#inParallel(phase, group, (instance) => this.#deployment[phase](instance, this.#signal), {
        done,
        total,
      });
      done += group.length;
    }
  }

  /** Modules that ran before and lost one of these find it again. */
  async #returnToConsumers(): Promise<void> {
    const loaded = new Set(names(this.#plan.entries));
    const lost = [...loaded].filter((instance) =>
      this.#deployment.consumersOf(instance).some(({ plan }) => !loaded.has(plan.instance)),
    );
    await Promise.all(lost.map((instance) => this.#deployment.setRefsTo(instance, this.#signal)));
  }

  #markRunning(): void {
    for (const instance of names(this.#plan.entries)) {
      try {
        this.#deployment.markRunning(instance);
      } catch (error) {
        throw new LoadError(instance, "start", error);
      }
    }
  }

  /** The first failure ends the phase at once, named with its module. */
  async #inParallel(
    phase: LoadPhase,
    instances: readonly string[],
    run: (instance: string) => Promise<unknown>,
    progress: { readonly done: number; readonly total: number } = { done: 0, total: instances.length },
  ): Promise<void> {
    let { done } = progress;
    this.#phaseNow = phase;
    await Promise.all(
      instances.map(async (instance) => {
        try {
          await run(instance);
        } catch (error) {
          throw this.#signal.aborted ? this.#signal.reason : new LoadError(instance, phase, error);
        }
        this.#options.onProgress({ phase, module: instance, done: ++done, total: progress.total });
      }),
    );
  }

  /** Consumers first; what fails here is logged and never hides why the load failed. */
  async #undo(): Promise<void> {
    const { pool, modules, disabled } = this.#deployment;
    const { log } = this.#options;
    const report = (error: unknown) => log.warn("Undoing a failed load met an error", { err: error });
    const deployed = names(this.#plan.entries).flatMap((instance) => modules.get(instance) ?? []);
    await stopModules(deployed, pool, log, UNDO_TIMEOUT_MS);
    for (const [instance, worker] of this.#workers) {
      modules.delete(instance);
      pool.remove(worker, instance);
    }
    // A module that has crashed may have come to one of them meanwhile.
    const empty = this.#startedWorkers.filter((worker) => pool.isEmpty(worker));
    const ended = pool.stop(empty, UNDO_TIMEOUT_MS).catch(report);
    for (const [instance, worker] of this.#workers) {
      if (empty.includes(worker) || pool.get(worker) === undefined) continue;
      await this.#deployment.undeploy(instance, worker, UNDO_TIMEOUT_MS).catch(report);
      await endBlocked(worker, pool, log);
    }
    disabled.splice(disabled.length - this.#plan.disabled.length);
    await ended;
  }
}

function names(entries: readonly PlannedEntry[]): string[] {
  return entries.map((entry) => entry.instance);
}
