import { RestartError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import type { ModuleState } from "../report/module-status.ts";
import { changedSince } from "../source-files.ts";
import { bringUp } from "./bring-up.ts";
import type { Deployment } from "./deployment.ts";
import { endBlocked } from "./end-blocked.ts";
import { fitIn } from "./fit.ts";
import type { RunningModule } from "./running-module.ts";
import { LOCAL_WORKER } from "./worker-pool.ts";

/** No instance is there, whether its worker has ended or has others. */
const DOWN: ReadonlySet<ModuleState> = new Set(["crashed", "failed"]);

interface RestartOptions {
  readonly reloadSource: boolean;
  readonly log: Logger;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
  readonly stopTimeoutMs: number;
  /** From here on the module does not serve. */
  readonly onPause: () => void;
  /** From here on it serves again. */
  readonly onServing: () => void;
  /** No module is on this worker any more: ends it. */
  readonly retire: (worker: string) => Promise<void>;
  /** Nothing serves, and nothing starts it again. */
  readonly onDown: (reason: string) => void;
}

/**
 * Replaces a module by a new instance. Where its files have not changed, that takes place in its own worker. Edited ones
 * are imported in a fresh worker, and what can fail without harm is done first: the new code is imported, constructed and
 * checked against the wiring while the old instance runs.
 */
export class Restart {
  readonly #deployment: Deployment;
  readonly #old: RunningModule;
  readonly #options: RestartOptions;
  readonly #instance: string;

  constructor(instance: string, deployment: Deployment, options: RestartOptions) {
    this.#instance = instance;
    this.#deployment = deployment;
    this.#old = deployment.running(instance);
    this.#options = options;
  }

  async run(): Promise<void> {
    const isDown = DOWN.has(this.#old.state) || this.#deployment.pool.get(this.#old.worker) === undefined;
    const { reloadSource } = this.#options;
    if (reloadSource && this.#old.worker === LOCAL_WORKER) {
      const reason = "it runs in the coordinator's process, where an imported file stays what it was";
      const serving = isDown ? "nothing" : "old";
      throw new RestartError(this.#instance, serving, new Error(`${reason}. Restart it with reloadSource: false`));
    }
    if (isDown) {
      this.#options.onPause();
      return this.#revive();
    }
    if (!reloadSource) return this.#replaceInPlace();
    // Also those that it has imported since it started.
    const sources = await this.#deployment.sourcesOf(this.#old);
    if (sources !== undefined && changedSince(sources).length === 0) return this.#replaceInPlace();
    return this.#replaceFresh();
  }

  async #replaceFresh(): Promise<void> {
    const { pool } = this.#deployment;
    const worker = this.#reserveFresh();
    const isStopFirst = this.#old.plan.shape.swap === "stop-first";
    let prepared: RunningModule;
    try {
      await pool.start(worker, this.#options.signal);
      if (isStopFirst) await this.#stopOld();
      prepared = await this.#prepare(worker, true);
    } catch (error) {
      await this.#discard(worker);
      if (isStopFirst) return this.#rollBack(error);
      throw new RestartError(this.#instance, "old", error);
    }
    try {
      await this.#swap(prepared, isStopFirst);
    } catch (error) {
      // The end of the new worker is no crash of the module.
      this.#deployment.modules.set(this.#instance, this.#old);
      await this.#discard(worker);
      return this.#rollBack(error);
    }
    await this.#release(this.#old.worker);
  }

  #reserveFresh(): string {
    const { instance, group, dedicated } = this.#old.plan;
    return this.#deployment.pool.reserveFresh({ instance, group, isEdited: true }, dedicated);
  }

  /** Nothing runs: what its file says now comes to where a load would put it, or to a fresh worker if that was edited. */
  async #revive(): Promise<void> {
    const { pool } = this.#deployment;
    const { plan, sources, isEdited = false } = this.#old;
    const isChanged = changedSince(sources ?? []).length > 0;
    const placement = isChanged ? undefined : pool.reserve([{ ...plan, sources, isEdited }]);
    const worker = placement?.workers.get(this.#instance) ?? this.#reserveFresh();
    try {
      await pool.start(worker, this.#options.signal);
      await this.#begin(await this.#prepare(worker, isEdited || isChanged));
    } catch (error) {
      this.#deployment.modules.set(this.#instance, this.#old);
      await this.#vacate(worker);
      throw new RestartError(this.#instance, "nothing", error);
    }
  }

  /** The same code again, on the same worker, unless that does not survive it. */
  async #replaceInPlace(): Promise<void> {
    const { worker, isEdited = false } = this.#old;
    await this.#stopOld();
    await this.#leave(worker);
    if (this.#deployment.pool.get(worker) === undefined) return this.#revive();
    try {
      await this.#begin(await this.#prepare(worker, isEdited));
    } catch (error) {
      // Where edited code fails to start, the old takes over again: it may be that it just failed once.
      if (this.#options.reloadSource && this.#deployment.pool.get(worker) !== undefined) return this.#rollBack(error);
      await this.#reportDown(error);
      throw new RestartError(this.#instance, "nothing", error);
    }
  }

  /** Takes the old instance off its worker. */
  async #leave(worker: string): Promise<void> {
    const { log, stopTimeoutMs } = this.#options;
    await this.#deployment
      .undeploy(this.#instance, worker, stopTimeoutMs, true)
      .catch((error: unknown) => log.warn(`The old ${this.#instance} did not stop cleanly`, { err: error }));
    await endBlocked(worker, this.#deployment.pool, log);
  }

  /** What its worker took down with it is a crash, and the restart policy's. */
  async #reportDown(cause: unknown): Promise<void> {
    const { worker } = this.#deployment.running(this.#instance);
    if (this.#deployment.pool.get(worker) === undefined) return;
    this.#options.onDown(cause instanceof Error ? cause.message : String(cause));
    await this.#vacate(worker);
  }

  /** Constructs the new instance, and checks that it fits into what runs. */
  async #prepare(worker: string, isEdited: boolean): Promise<RunningModule> {
    this.#deployment.expectCalls(worker);
    const description = await this.#deployment.construct(this.#old.plan, worker, this.#options.signal, true);
    const fitted = fitIn(this.#old.plan, description, this.#deployment);
    return { ...fitted, description, worker, isEdited, state: "restarting", restarts: this.#old.restarts + 1 };
  }

  async #swap(prepared: RunningModule, isStopped: boolean): Promise<void> {
    if (!isStopped) await this.#stopOld();
    await this.#begin(prepared);
  }

  /** From here on the new instance is the module. */
  async #begin(module: RunningModule): Promise<void> {
    this.#deployment.modules.set(this.#instance, module);
    await bringUp([this.#instance], this.#deployment, this.#options.signal);
    this.#options.onServing();
  }

  async #stopOld(): Promise<void> {
    this.#options.onPause();
    this.#old.state = "restarting";
    const request = { type: "StopModule", instance: this.#instance, isReplaced: true } as const;
    await this.#deployment
      .ask(this.#old.worker, request, this.#options.stopTimeoutMs)
      .catch((error: unknown) => this.#options.log.warn(`${this.#instance} did not stop cleanly`, { err: error }));
  }

  /** The old worker still has the old code: a fresh instance of it takes over again. */
  async #rollBack(cause: unknown): Promise<never> {
    const { worker } = this.#old;
    try {
      await this.#leave(worker);
      await this.#deployment.construct(this.#old.plan, worker, this.#options.signal, true);
      await this.#begin({ ...this.#old, restarts: this.#old.restarts + 1 });
    } catch (error) {
      this.#options.log.error(`${this.#instance} is down: its old code could not be started again`, { err: error });
      await this.#reportDown(error);
      throw new RestartError(this.#instance, "nothing", cause);
    }
    throw new RestartError(this.#instance, "fresh", cause);
  }

  /** Takes the old instance off its worker, and says who else runs an older copy of its files. */
  async #release(worker: string): Promise<void> {
    await this.#vacate(worker);
    const { sources = [] } = this.#deployment.running(this.#instance);
    const now = new Map(sources.map(({ path, hash }) => [path, hash]));
    const stale = [...this.#deployment.modules.values()].flatMap((module) => {
      const old = module.sources?.filter(({ path, hash }) => (now.get(path) ?? hash) !== hash) ?? [];
      return old.length === 0 ? [] : [`${module.plan.instance} (${old.map(({ path }) => path).join(", ")})`];
    });
    if (stale.length === 0) return;
    this.#options.log.warn(
      `Modules still run edited files as they were before: ${stale.join("; ")}. Restart them as well if that concerns them`,
    );
  }

  /** Takes an instance off a worker, and ends the worker when it hosts nothing else. */
  async #vacate(worker: string): Promise<void> {
    const { pool } = this.#deployment;
    pool.remove(worker, this.#instance);
    if (pool.get(worker) === undefined) return;
    await this.#leave(worker);
    if (pool.isEmpty(worker)) await this.#options.retire(worker);
  }

  async #discard(worker: string): Promise<void> {
    const { pool } = this.#deployment;
    if (pool.get(worker) !== undefined) await pool.stop([worker], this.#options.stopTimeoutMs);
  }
}
