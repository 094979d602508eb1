import { setImmediate as turn } from "node:timers/promises";
import type { Logger } from "../log/logger.ts";
import type { ModuleDescription } from "../module/description.ts";
import type { RunEmitter } from "../report/events.ts";
import { changedSince } from "../source-files.ts";
import { bringUp } from "./bring-up.ts";
import type { Deployment } from "./deployment.ts";
import { endBlocked } from "./end-blocked.ts";
import { checkPortsKept, fitIn } from "./fit.ts";
import type { RunningModule } from "./running-module.ts";

/** What did not come up may take this long to stop. */
const UNDO_TIMEOUT_MS = 2_000;
/** Changed files that a message names. */
const NAMED_FILES = 3;

interface RecoveryServices {
  readonly deployment: Deployment;
  readonly events: RunEmitter;
  readonly log: Logger;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
  /** What runs is different now. */
  changed(): void;
  /** A module is down for good. */
  fail(instance: string, reason: string): void;
  /** These could not be started: their policies decide again. */
  crashed(instances: readonly string[], reason: string): void;
}

/**
 * Starts modules again that have crashed: where a load would put them, or alone. A source that has changed since is
 * imported in a fresh worker, and checked as in a restart: one that does not fit gives up its module, in one sentence,
 * for the code that ran before ended with its process.
 */
export class Recovery {
  readonly #group: readonly string[];
  readonly #isAlone: boolean;
  readonly #services: RecoveryServices;
  readonly #deployment: Deployment;
  /** Files that have changed since the module last started, by instance. */
  readonly #changed = new Map<string, readonly string[]>();

  /** @param isAlone each gets a worker that no other module comes to */
  constructor(group: readonly string[], isAlone: boolean, services: RecoveryServices) {
    this.#group = group;
    this.#isAlone = isAlone;
    this.#services = services;
    this.#deployment = services.deployment;
  }

  async run(): Promise<void> {
    const { events, log, signal, changed } = this.#services;
    this.#place();
    try {
      const workers = new Set(this.#group.map((instance) => this.#deployment.running(instance).worker));
      await Promise.all([...workers].map((worker) => this.#deployment.pool.start(worker, signal)));
      for (const instance of this.#group) await this.#construct(instance);
      const group = this.#underWay();
      if (group.length === 0) return;
      await bringUp(group, this.#deployment, signal);
      for (const instance of group) {
        log.info(`${instance} runs again, on worker ${this.#deployment.running(instance).worker}`);
        events.emit("moduleRestarted", { instance, cause: "crash" });
      }
    } catch (error) {
      if (signal.aborted) return;
      // A worker that has ended has been seen to end by then, and its modules have crashed with it.
      await turn();
      await this.#crashed(error);
    } finally {
      changed();
    }
  }

  #place(): void {
    const { pool, modules } = this.#deployment;
    const crashed = this.#group.map((instance) => this.#deployment.running(instance));
    for (const { plan, sources } of crashed) this.#changed.set(plan.instance, changedSince(sources ?? []));
    const edited = crashed.filter((module) => this.#filesOf(module).length > 0);
    const requests = crashed
      .filter((module) => !edited.includes(module))
      .map(({ plan, sources, isEdited = false }) => {
        const dedicated = plan.dedicated || this.#isAlone;
        return { ...plan, dedicated, group: dedicated ? undefined : plan.group, sources, isEdited };
      });
    const { workers } = pool.reserve(requests);
    const fresh = ({ plan: { instance, group, dedicated } }: RunningModule) =>
      pool.reserveFresh({ instance, group, isEdited: true }, dedicated || this.#isAlone);
    for (const module of crashed) {
      const { instance } = module.plan;
      const worker = workers.get(instance) ?? fresh(module);
      const isEdited = module.isEdited === true || edited.includes(module);
      const restarts = module.restarts + 1;
      modules.set(instance, { ...module, worker, isEdited, state: "restarting", restarts });
    }
  }

  /** Constructs it, and checks that it still is what ran. */
  async #construct(instance: string): Promise<void> {
    const { log, signal } = this.#services;
    const module = this.#deployment.running(instance);
    const { plan, worker } = module;
    const files = this.#filesOf(module);
    this.#deployment.expectCalls(worker);
    let description: ModuleDescription;
    try {
      description = await this.#deployment.construct(plan, worker, signal);
    } catch (error) {
      const isSource = files.length > 0 && !signal.aborted && this.#deployment.pool.get(worker) !== undefined;
      if (isSource) return this.#giveUp(instance, error);
      throw error;
    }
    try {
      checkPortsKept(plan.shape, description);
      const fitted = fitIn(plan, description, this.#deployment);
      this.#deployment.modules.set(instance, { ...module, ...fitted, description });
    } catch (error) {
      return this.#giveUp(instance, error);
    }
    if (files.length > 0)
      log.warn(`${instance} is started again from a source that has changed since it last started: ${list(files)}`);
  }

  /** Another attempt would find the same. */
  async #giveUp(instance: string, cause: unknown): Promise<void> {
    const module = this.#deployment.running(instance);
    const files = this.#filesOf(module);
    const changed = files.length === 0 ? module.plan.shape.source : list(files);
    this.#services.fail(
      instance,
      `it cannot be started again as ${changed} ${files.length > 1 ? "have" : "has"} changed since it last started, and what it is now does not fit: ${messageOf(cause)}. The code that ran before ended with its process: mend the file, then run "dimos restart --module ${instance}"`,
    );
    await this.#vacate(instance);
  }

  async #crashed(cause: unknown): Promise<void> {
    const instances = this.#underWay();
    if (instances.length === 0) return;
    this.#services.log.error(`${instances.join(", ")} could not be started again`, { err: cause });
    this.#services.crashed(instances, `could not be started again: ${messageOf(cause)}`);
    for (const instance of instances) await this.#vacate(instance);
  }

  /** Takes what is there of a module off its worker, and ends a worker that has nothing else. */
  async #vacate(instance: string): Promise<void> {
    const { pool } = this.#deployment;
    const { worker } = this.#deployment.running(instance);
    const { log } = this.#services;
    pool.remove(worker, instance);
    if (pool.get(worker) === undefined) return;
    if (pool.isEmpty(worker)) return pool.stop([worker], UNDO_TIMEOUT_MS);
    await this.#deployment
      .undeploy(instance, worker, UNDO_TIMEOUT_MS)
      .catch((error: unknown) => log.warn(`${instance} did not stop cleanly`, { err: error }));
    await endBlocked(worker, pool, log);
  }

  /** Neither given up, nor crashed again with its worker. */
  #underWay(): string[] {
    return this.#group.filter((instance) => this.#deployment.modules.get(instance)?.state === "restarting");
  }

  #filesOf({ plan }: RunningModule): readonly string[] {
    return this.#changed.get(plan.instance) ?? [];
  }
}

function list(files: readonly string[]): string {
  const more = files.length - NAMED_FILES;
  return more > 0 ? `${files.slice(0, NAMED_FILES).join(", ")} and ${more} more` : files.join(", ");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
