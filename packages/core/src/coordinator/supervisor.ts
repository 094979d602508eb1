import type { Logger } from "../log/logger.ts";
import type { RunEmitter } from "../report/events.ts";
import { isStopped } from "../worker/stall-meter.ts";
import type { Worker, WorkerExit } from "../worker/worker.ts";
import type { Deployment } from "./deployment.ts";
import { Recovery } from "./recovery.ts";
import { RestartBudget } from "./restart-budget.ts";
import type { RunningModule } from "./running-module.ts";
import { tellConsumers } from "./tell-consumers.ts";
import { tellLoss, tellStopped } from "./tell-loss.ts";

/** A module that took its worker down this often gets a worker to itself. */
const ISOLATE_AFTER_CRASHES = 2;
/** A worker that drives actuators is killed after this much silence. */
const ACTUATOR_SILENCE_MS = 5_000;

/** A worker that is stopped, and silent for this long, is lost to those who drive through it, or by what it tells. */
const LOST_MS = 1_000;

interface SupervisorServices {
  readonly deployment: Deployment;
  readonly events: RunEmitter;
  readonly log: Logger;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
  /** Runs a recovery of these modules when nothing else changes them. */
  enqueue(instances: readonly string[], recovery: () => Promise<void>): void;
  /** What runs is different now. */
  changed(): void;
  /** An essential module is down for good. */
  giveUp(reason: string): void;
}

/** Sees workers end, and starts their modules again as their policies say. */
export class Supervisor {
  readonly #services: SupervisorServices;
  readonly #budgets = new Map<string, RestartBudget>();
  /** Signalled once: one that the system cannot end at once ends when it can. */
  readonly #killed = new WeakSet<Worker>();
  /** Those that are stopped, and were told to be lost: with how often they had been heard of. */
  readonly #lost = new WeakMap<Worker, number>();

  constructor(services: SupervisorServices) {
    this.#services = services;
  }

  workerEnded(worker: string, exit: WorkerExit, reason: string): void {
    const { deployment, log, signal } = this.#services;
    const lost = [...deployment.modules.values()].filter((module) => module.worker === worker && isUp(module));
    if (signal.aborted || lost.length === 0) return;
    const names = lost.map((module) => module.plan.instance);
    log.error(`Worker ${worker} ${reason}; down: ${names.join(", ")}`);
    for (const module of lost) module.state = "crashed";
    tellLoss(deployment, names, `its worker ${reason}`);
    tellConsumers(deployment, { worker, reason }, names);
    this.#services.changed();
    this.#crashed(names, reason, exit.code !== 0);
  }

  /** Tells it, and starts them again as their policies say. */
  #crashed(names: readonly string[], reason: string, wasFailure: boolean): void {
    const { deployment, events, signal } = this.#services;
    for (const instance of names)
      events.emit("moduleCrashed", { instance, worker: deployment.running(instance).worker, reason });
    const waits = names.map(
      (instance) => [instance, this.#budget(instance).crashed(performance.now(), wasFailure)] as const,
    );
    for (const [instance, waitMs] of waits) if (waitMs === undefined) this.fail(instance, reason);
    const again = waits.filter((wait): wait is readonly [string, number] => wait[1] !== undefined);
    if (again.length === 0) return;
    const waitMs = Math.max(...again.map(([, wait]) => wait));
    const instances = again.map(([instance]) => instance);
    const recover = () => this.#services.enqueue(instances, () => this.#recover(instances));
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
  }

  /** A worker does not answer, and that is not for want of a processor. */
  workerStalled(worker: Worker, stalledMs: number): void {
    const { deployment, log } = this.#services;
    const { silenceMs } = deployment.deadlines;
    this.#loseStopped(worker);
    const isActuator = [...deployment.modules.values()].some(
      (module) => module.worker === worker.name && module.plan.shape.actuator,
    );
    // An actuator's own guard would have ended it long ago, unless that is stopped as well.
    const limitMs = isActuator ? Math.min(ACTUATOR_SILENCE_MS, silenceMs) : silenceMs;
    if (stalledMs < limitMs || this.#killed.has(worker)) return;
    this.#killed.add(worker);
    const silentS = Math.round(worker.silentMs / 1000);
    log.error(
      `Worker ${worker.name} is killed: it has not answered for ${silentS} s, and does not wait for a processor`,
    );
    void worker.kill(`it did not answer for ${silentS} s, and was not waiting for a processor`);
  }

  /**
   * What drives through a worker that is stopped, or by what it tells, must not set off again by itself when that goes on.
   * Told of once. One that is only late, or busy, goes on with what it did: a machine that is too busy ends nothing.
   */
  #loseStopped(worker: Worker): void {
    if (worker.silentMs < LOST_MS || this.#lost.get(worker) === worker.heard || !isStopped(worker.pid)) return;
    this.#lost.set(worker, worker.heard);
    const { deployment } = this.#services;
    const modules = [...deployment.modules.values()].filter((module) => module.worker === worker.name);
    tellStopped(
      deployment,
      modules.map(({ plan }) => plan.instance),
      "its process was stopped",
    );
  }

  /** Starts modules again: together, or each on a worker of its own when they keep crashing. */
  async #recover(instances: readonly string[]): Promise<void> {
    const { deployment } = this.#services;
    const crashed = instances.filter((instance) => deployment.modules.get(instance)?.state === "crashed");
    const alone = crashed.filter((instance) => this.#budget(instance).crashes >= ISOLATE_AFTER_CRASHES);
    const together = crashed.filter((instance) => !alone.includes(instance));
    if (together.length > 0) await this.#startAgain(together, false);
    for (const instance of alone) await this.#startAgain([instance], true);
  }

  #startAgain(group: readonly string[], isAlone: boolean): Promise<void> {
    const { deployment, events, log, signal, changed } = this.#services;
    return new Recovery(group, isAlone, {
      deployment,
      events,
      log,
      signal,
      changed,
      fail: (instance, reason) => this.fail(instance, reason),
      crashed: (instances, reason) => {
        for (const instance of instances) deployment.running(instance).state = "crashed";
        tellLoss(deployment, instances, `it ${reason}`);
        this.#crashed(instances, reason, true);
      },
    }).run();
  }

  /** A module that was replaced or unloaded begins anew, with the policy that it has now. */
  forget(instance: string): void {
    this.#budgets.delete(instance);
  }

  /** A module is down, and nothing starts it again by itself. */
  fail(instance: string, reason: string): void {
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

/** What its load starts is its load's: that reports what fails, and leaves nothing of it. What is down cannot be lost. */
function isUp({ state }: RunningModule): boolean {
  return state === "running" || state === "restarting" || state === "stopping";
}
