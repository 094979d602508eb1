import type { ConnectionLostError } from "@dimos/rpc";
import { WorkerExitedError } from "../errors.ts";
import type { RunEmitter } from "../report/events.ts";

/** How long after the connection to a worker the run may tell of the worker's end. */
const WORD_WAIT_MS = 250;

interface End {
  readonly worker: string;
  readonly reason: string;
}

/** How workers of a run ended, for callers whose own connection to one was lost: that says nothing of the reason. */
export class LostWorkers {
  readonly #events: RunEmitter;
  /** The last end by module. */
  readonly #ends = new Map<string, End>();

  constructor(events: RunEmitter) {
    this.#events = events;
    events.on("moduleCrashed", ({ instance, worker, reason }) => void this.#ends.set(instance, { worker, reason }));
  }

  /** The error that names the worker and how it ended; the one that is there when the run has no word of that. */
  async explain(error: ConnectionLostError, instance: string, worker: string | undefined): Promise<Error> {
    const end = this.#endOf(instance, worker) ?? (await this.#word(instance, worker));
    return end === undefined ? error : new WorkerExitedError(end.worker, end.reason, error);
  }

  #endOf(instance: string, worker: string | undefined): End | undefined {
    const end = this.#ends.get(instance);
    return end?.worker === worker ? end : undefined;
  }

  /** Undefined when the run is gone as well, or says nothing in time: the module was stopped, or the connection broke. */
  #word(instance: string, worker: string | undefined): Promise<End | undefined> {
    return new Promise((resolve) => {
      const settle = (end: End | undefined) => {
        clearTimeout(timer);
        offCrash();
        offStopped();
        resolve(end);
      };
      const timer = setTimeout(() => settle(undefined), WORD_WAIT_MS);
      const offStopped = this.#events.on("stopped", () => settle(undefined));
      const offCrash = this.#events.on("moduleCrashed", () => {
        const end = this.#endOf(instance, worker);
        if (end !== undefined) settle(end);
      });
    });
  }
}
