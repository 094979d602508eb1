import type { Logger } from "../log/logger.ts";
import type { EstopReport, EstopState } from "../safety/estop-state.ts";
import type { RunSafety } from "../safety/run-safety.ts";
import type { Worker } from "../worker/worker.ts";
import type { Deployment } from "./deployment.ts";
import { LOCAL_WORKER } from "./worker-pool.ts";

/** A worker that has not halted within this time does not count on halting at all. */
const CONFIRM_TIMEOUT_MS = 500;

/** The emergency stop of a run. It waits for no load or restart. */
export class EmergencyStop {
  readonly #safety: RunSafety;
  readonly #deployment: Deployment;
  readonly #log: Logger;
  readonly #onChange: (estop: EstopState) => void;

  constructor(safety: RunSafety, deployment: Deployment, log: Logger, onChange: (estop: EstopState) => void) {
    this.#safety = safety;
    this.#deployment = deployment;
    this.#log = log;
    this.#onChange = onChange;
  }

  latch(reason: string): Promise<EstopReport> {
    return this.#change(`Emergency stop: ${reason}`, () => this.#safety.latch(reason));
  }

  reset(): Promise<EstopReport> {
    return this.#change("The emergency stop was reset", () => this.#safety.reset());
  }

  async #change(message: string, change: () => void): Promise<EstopReport> {
    const before = this.#safety.estop;
    change();
    const { estop } = this.#safety;
    // Told first: what is noted of it is written to a disk, which may be slow.
    const report = spreadEstop(estop, this.#deployment, this.#log);
    if (estop !== before) {
      this.#log.warn(message);
      this.#onChange(estop);
    }
    return report;
  }
}

/**
 * Tells every worker at once that the emergency stop was latched or reset, past whatever load or restart is under way.
 * An actuator's worker that does not confirm that it was latched is killed: what it drives then stops by itself.
 */
async function spreadEstop(estop: EstopState, { pool, modules }: Deployment, log: Logger): Promise<EstopReport> {
  const halted: string[] = [];
  const unconfirmed: EstopReport["unconfirmed"][number][] = [];
  const tell = async (worker: Worker) => {
    const hosted = [...modules.values()].filter((module) => module.worker === worker.name);
    const actuators = hosted.filter(({ plan }) => plan.shape.actuator).map(({ plan }) => plan.instance);
    try {
      const failed = await worker.request(
        { type: "Estop", estop, heard: worker.heardStop },
        { timeoutMs: CONFIRM_TIMEOUT_MS },
      );
      halted.push(...actuators.filter((instance) => !failed.includes(instance)));
      if (!failed.some((instance) => actuators.includes(instance))) return;
    } catch (error) {
      log.error(`Worker ${worker.name} did not confirm the emergency stop`, { err: error });
    }
    const killed = estop.latched && actuators.length > 0 && worker.name !== LOCAL_WORKER;
    unconfirmed.push({ worker: worker.name, modules: hosted.map(({ plan }) => plan.instance), killed });
    if (killed) await pool.kill(worker.name);
  };
  await Promise.all(pool.workers.map(tell));
  return { estop, halted: estop.latched ? halted : [], unconfirmed };
}
