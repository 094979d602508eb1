import { withQos } from "../blueprint/qos-overrides.ts";
import { checkStreams, type PlannedModule } from "../blueprint/streams.ts";
import { RestartError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import type { ModuleDescription } from "../module/description.ts";
import { bringUp } from "./bring-up.ts";
import { type Deployment, refCandidate, refsOf } from "./deployment.ts";
import { endBlocked } from "./end-blocked.ts";
import type { PlannedEntry } from "./plan.ts";
import type { RunningModule } from "./running-module.ts";
import { LOCAL_WORKER } from "./worker-pool.ts";

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
 * Replaces a module by a new instance, from its edited source or from the code it runs. What can fail without harm is
 * done first: the new code is imported, constructed and checked against the wiring while the old instance runs.
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
    const isDown = this.#deployment.pool.get(this.#old.worker) === undefined;
    if (isDown) {
      this.#options.onPause();
      return this.#revive();
    }
    if (!this.#options.reloadSource) return this.#replaceInPlace();
    if (this.#old.worker === LOCAL_WORKER) {
      const reason = "it runs in the coordinator's process, where an imported file stays what it was";
      throw new RestartError(this.#instance, "old", new Error(`${reason}. Restart it with reloadSource: false`));
    }
    const { pool } = this.#deployment;
    const worker = pool.newWorkerName();
    const isStopFirst = this.#old.plan.shape.swap === "stop-first";
    let prepared: RunningModule;
    try {
      await pool.start(worker, this.#old.plan.dedicated, this.#options.signal);
      if (isStopFirst) await this.#stopOld();
      prepared = await this.#prepare(worker);
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
    pool.add(worker, this.#instance, prepared.plan.group);
    await this.#release(this.#old.worker);
  }

  /** Its worker has ended: what its file says now runs on a new one. */
  async #revive(): Promise<void> {
    const { pool } = this.#deployment;
    const worker = pool.newWorkerName();
    try {
      await pool.start(worker, this.#old.plan.dedicated, this.#options.signal);
      await this.#begin(await this.#prepare(worker));
    } catch (error) {
      this.#deployment.modules.set(this.#instance, this.#old);
      await this.#discard(worker);
      throw new RestartError(this.#instance, "nothing", error);
    }
    pool.add(worker, this.#instance, this.#old.plan.group);
  }

  /** The same code again, on the same worker, unless that does not survive it. */
  async #replaceInPlace(): Promise<void> {
    const { worker } = this.#old;
    await this.#stopOld();
    await this.#leave(worker);
    if (this.#deployment.pool.get(worker) === undefined) return this.#revive();
    try {
      await this.#begin(await this.#prepare(worker));
    } catch (error) {
      this.#reportDown(error);
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
  #reportDown(cause: unknown): void {
    if (this.#deployment.pool.get(this.#deployment.running(this.#instance).worker) === undefined) return;
    this.#options.onDown(cause instanceof Error ? cause.message : String(cause));
  }

  /** Constructs the new instance, and checks that it fits into what runs. */
  async #prepare(worker: string): Promise<RunningModule> {
    this.#deployment.expectCalls(worker);
    const description = await this.#deployment.construct(this.#old.plan, worker, this.#options.signal, true);
    const plan = adoptShape(this.#old.plan, description);
    const others = [...this.#deployment.modules.values()]
      .map((module) => module.plan)
      .filter((other) => other.instance !== this.#instance);
    checkStreams([...others, plan]);
    const consumers: PlannedModule[] = this.#deployment.consumersOf(this.#instance).map((module) => module.plan);
    const resolutions = this.#deployment.resolve([plan, ...consumers], [refCandidate({ plan, description })]);
    const { restarts } = this.#old;
    return { plan, description, worker, refs: refsOf(plan, resolutions), state: "restarting", restarts: restarts + 1 };
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
      this.#reportDown(error);
      throw new RestartError(this.#instance, "nothing", cause);
    }
    throw new RestartError(this.#instance, "fresh", cause);
  }

  /** Takes the old instance off its worker, and ends the worker when it hosts nothing else. */
  async #release(worker: string): Promise<void> {
    const { pool, modules } = this.#deployment;
    const { log, retire } = this.#options;
    pool.remove(worker, this.#instance);
    await this.#leave(worker);
    if (pool.isEmpty(worker)) await retire(worker);
    const source = this.#old.plan.shape.source;
    const stale = [...modules.values()].filter(
      (module) => module.plan.instance !== this.#instance && module.plan.shape.source === source,
    );
    if (stale.length === 0) return;
    const names = stale.map((module) => module.plan.instance).join(", ");
    log.warn(
      `${names} came from the same file and still run what it said before; restart them as well if it concerns them`,
    );
  }

  async #discard(worker: string): Promise<void> {
    const { pool } = this.#deployment;
    if (pool.get(worker) !== undefined) await pool.stop([worker], this.#options.stopTimeoutMs);
  }
}

/** The plan of a module whose source was edited: ports that stayed keep their topics, new ones get their own name. */
function adoptShape(plan: PlannedEntry, description: ModuleDescription): PlannedEntry {
  const { instance: _, rpcs: __, skills: ___, unoffered: ____, ...shape } = description;
  const prefix = plan.namespace === "" ? "" : `${plan.namespace}/`;
  // A port that is taken out keeps its topic for when it comes back.
  const own = Object.fromEntries(shape.ports.map(({ name }) => [name, `${prefix}${name}`]));
  const topics = { ...own, ...plan.topics };
  return { ...plan, shape: withQos(shape, plan.qos), topics };
}
