import { startOrder } from "../blueprint/start-order.ts";
import type { Logger } from "../log/logger.ts";
import type { RunEmitter } from "../report/events.ts";
import { isReadyToRun } from "../worker/stall-meter.ts";
import type { WorkerExit } from "../worker/worker.ts";
import { type Deployment, needsOf } from "./deployment.ts";

import { RestartBudget } from "./restart-budget.ts";

/** A module that took its worker down this often gets a worker to itself. */
const ISOLATE_AFTER_CRASHES = 2;

interface SupervisorServices {
  readonly deployment: Deployment;
  readonly events: RunEmitter;
  readonly log: Logger;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
  /** Runs a change when those before it are done. */
  enqueue(change: () => Promise<void>): void;
  /** What runs is different now. */
  changed(): void;
  /** An essential module is down for good. */
  giveUp(reason: string): void;
}

/** Sees workers end, and starts their modules again as their policies say. */
export class Supervisor {
  readonly #services: SupervisorServices;
  readonly #budgets = new Map<string, RestartBudget>();

  constructor(services: SupervisorServices) {
    this.#services = services;
  }

  workerEnded(worker: string, exit: WorkerExit, reason: string): void {
    const { deployment, events, log, signal } = this.#services;
    const lost = [...deployment.modules.values()].filter((module) => module.worker === worker);
    if (signal.aborted || lost.length === 0) return;
    const names = lost.map((module) => module.plan.instance);
    log.error(`Worker ${worker} ${reason}; down: ${names.join(", ")}`);
    for (const module of lost) module.state = "crashed";
    this.#services.changed();
    for (const instance of names) events.emit("moduleCrashed", { instance, worker, reason });
    const wasFailure = exit.code !== 0;
    const waits = names.map(
      (instance) => [instance, this.#budget(instance).crashed(performance.now(), wasFailure)] as const,
    );
    for (const [instance, waitMs] of waits) if (waitMs === undefined) this.#fail(instance, reason);
    const again = waits.filter((wait): wait is readonly [string, number] => wait[1] !== undefined);
    if (again.length === 0) return;
    const waitMs = Math.max(...again.map(([, wait]) => wait));
    const recover = () => this.#services.enqueue(() => this.#recover(again.map(([instance]) => instance)));
    const timer = setTimeout(recover, waitMs);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  workerSilent(worker: string, isResponsive: boolean, silentMs: number): void {
    const { deployment, events, log } = this.#services;
    const modules = [...deployment.modules.values()].filter((module) => module.worker === worker);
    const names = modules.map((module) => module.plan.instance);
    if (isResponsive) {
      log.info(`Worker ${worker} responds again: ${names.join(", ")}`);
      return;
    }
    log.error(`Worker ${worker} has not responded for ${Math.round(silentMs)} ms: ${names.join(", ")}`);
    events.emit("workerUnresponsive", { worker, modules: names, silentMs });
    // Its own guard would have ended it, unless that stands still as well. What wants to run has no processor.
    const pid = deployment.pool.get(worker)?.pid;
    if (pid === undefined || isReadyToRun(pid) || !modules.some(({ plan }) => plan.shape.actuator)) return;
    log.error(`Worker ${worker} is killed for that: it drives actuators`);
    void deployment.pool.kill(worker);
  }

  /** Starts modules again: together, or each on a worker of its own when they keep crashing. */
  async #recover(instances: readonly string[]): Promise<void> {
    const { deployment } = this.#services;
    const crashed = instances.filter((instance) => deployment.modules.get(instance)?.state === "crashed");
    const alone = crashed.filter((instance) => this.#budget(instance).crashes >= ISOLATE_AFTER_CRASHES);
    const together = crashed.filter((instance) => !alone.includes(instance));
    for (const group of [together, ...alone.map((instance) => [instance])]) {
      if (group.length > 0) await this.#startAgain(group);
    }
  }

  async #startAgain(group: readonly string[]): Promise<void> {
    const { deployment, log, signal, events } = this.#services;
    const { pool } = deployment;
    const worker = pool.newWorkerName();
    const modules = group.map((instance) => deployment.running(instance));
    for (const module of modules)
      deployment.modules.set(module.plan.instance, {
        ...module,
        worker,
        state: "restarting",
        restarts: module.restarts + 1,
      });
    try {
      await pool.start(worker, group.length === 1 && modules[0]?.plan.dedicated === true, signal);
      deployment.expectCalls(worker);
      for (const module of modules) {
        const { instance } = module.plan;
        pool.add(worker, instance, module.plan.group);
        const description = await deployment.construct(module.plan, worker, signal);
        deployment.modules.set(instance, { ...deployment.running(instance), description });
      }
      await this.#bringUp(group);
      log.info(`${group.join(", ")} ${group.length === 1 ? "runs" : "run"} again, on worker ${worker}`);
      this.#services.changed();
      for (const instance of group) events.emit("moduleRestarted", { instance, cause: "crash" });
    } catch (error) {
      if (signal.aborted) return;
      log.error(`${group.join(", ")} could not be started again`, { err: error });
      // Ended, the worker counts as one more crash of its modules, once, and the policy decides again.
      if (pool.get(worker) !== undefined) await pool.kill(worker);
      else if (group.some((instance) => deployment.running(instance).state === "restarting"))
        this.workerEnded(worker, { code: null, signal: null }, "could not be started");
    }
  }

  async #bringUp(group: readonly string[]): Promise<void> {
    const { deployment, signal } = this.#services;
    await deployment.wireAll(group, signal);
    for (const instance of group) await deployment.setRefs(deployment.running(instance), signal);
    const order = startOrder(
      new Map(group.map((instance) => [instance, needsOf(deployment.running(instance))])),
    ).flat();
    for (const instance of order) await deployment.build(instance, signal);
    for (const instance of order) {
      await deployment.start(instance, signal);
      await deployment.setRefsTo(instance, signal);
      deployment.markRunning(instance);
    }
  }

  /** A module that was replaced or unloaded begins anew, with the policy that it has now. */
  forget(instance: string): void {
    this.#budgets.delete(instance);
  }

  #fail(instance: string, reason: string): void {
    const { deployment, events, log } = this.#services;
    const module = deployment.running(instance);
    module.state = "failed";
    log.error(`${instance} is down for good: ${reason}. The run goes on without it`);
    void deployment.tellGone(instance);
    events.emit("moduleFailed", { instance, reason });
    if (module.plan.shape.essential) this.#services.giveUp(`${instance} is essential, and down for good: ${reason}`);
  }

  #budget(instance: string): RestartBudget {
    let budget = this.#budgets.get(instance);
    if (budget === undefined) {
      budget = new RestartBudget(this.#services.deployment.running(instance).plan.shape.restart);
      this.#budgets.set(instance, budget);
    }
    return budget;
  }
}
