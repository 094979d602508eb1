import type { Logger } from "../log/logger.ts";
import { describeHold } from "../safety/hold.ts";
import { BEAT_MS } from "../worker/coordinator-watch.ts";
import type { SafetyReport } from "../worker/messages.ts";
import type { Worker } from "../worker/worker.ts";
import type { Deployment } from "./deployment.ts";

/** Actuators stay held until every worker has confirmed that nothing there moves them any more, at most this long. */
const CANCEL_TIMEOUT_MS = 25_000;
const RELEASE_TIMEOUT_MS = 5_000;

interface HoldServices {
  readonly deployment: Deployment;
  readonly log: Logger;
  /** Latches the emergency stop of the run. */
  readonly latch: (reason: string) => void;
  /** Aborted when the run has ended. */
  readonly signal: AbortSignal;
}

/**
 * The coordinator's part in what actuators' workers do by themselves: it shows them that it runs, ends what was moving
 * after a long hold, and latches the run when one was stopped by its emergency socket.
 */
export class Holds {
  readonly #services: HoldServices;

  constructor(services: HoldServices) {
    this.#services = services;
    const timer = setInterval(() => this.#beat(), BEAT_MS).unref();
    services.signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  take(worker: Worker, report: SafetyReport): void {
    const { log, latch } = this.#services;
    switch (report.type) {
      case "Held":
        log.warn(`${this.#actuatorsOf(worker)} held: ${report.reason}`);
        return;
      case "HoldOver":
        if (report.isOverdue) void this.#cancel(worker, report.heldMs, report.reason);
        else log.warn(`${this.#actuatorsOf(worker)} may move again, ${describeHold(report.heldMs, report.reason)}`);
        return;
      case "Stopped":
        latch(report.reason);
        return;
      default:
        report satisfies never;
    }
  }

  /** From this event loop, and from no other thread: that it runs is what the beat says. */
  #beat(): void {
    const { modules, pool } = this.#services.deployment;
    for (const { plan, state, worker } of modules.values())
      if (plan.shape.actuator && state === "running") pool.get(worker)?.beat();
  }

  async #cancel(held: Worker, heldMs: number, reason: string): Promise<void> {
    const { deployment, log } = this.#services;
    log.warn(`What was moving is cancelled: ${this.#actuatorsOf(held)} ${describeHold(heldMs, reason)}`);
    const ask = async (worker: Worker) => {
      const request = { type: "CancelMotion", heldMs, reason } as const;
      await worker
        .request(request, { timeoutMs: CANCEL_TIMEOUT_MS })
        .catch((error: unknown) => log.error(`Worker ${worker.name} did not cancel what was moving`, { err: error }));
    };
    await Promise.all(deployment.pool.workers.map(ask));
    await held
      .request({ type: "ReleaseHold" }, { timeoutMs: RELEASE_TIMEOUT_MS })
      .catch((error: unknown) => log.error(`Worker ${held.name} could not be released`, { err: error }));
  }

  #actuatorsOf({ name }: Worker): string {
    const hosted = [...this.#services.deployment.modules.values()].filter(({ worker }) => worker === name);
    const actuators = hosted.filter(({ plan }) => plan.shape.actuator).map(({ plan }) => plan.instance);
    return actuators.join(", ") || name;
  }
}
