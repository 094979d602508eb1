import type { ConnectionLostError } from "@dimos/rpc";
import type { RunEmitter } from "../report/events.ts";
import { explainLoss } from "../worker/explain-loss.ts";
import { WorkerEnds } from "../worker/worker-ends.ts";

/** How workers of a run ended, for clients whose own connection to one was lost: the run tells them. */
export class LostWorkers {
  readonly #ends = new WorkerEnds();
  readonly #stopped: Promise<undefined>;

  constructor(events: RunEmitter) {
    events.on("moduleCrashed", ({ worker, reason }) => this.#ends.add(worker, { worker, reason }));
    this.#stopped = new Promise((resolve) => events.on("stopped", () => resolve(undefined)));
  }

  /** `error` itself when the run is gone as well, or says nothing in time: the module was stopped, or the connection broke. */
  async explain(error: ConnectionLostError, worker: string | undefined): Promise<Error> {
    if (worker === undefined) return error;
    return explainLoss(error, Promise.race([this.#ends.of(worker), this.#stopped]));
  }
}
