import type { ConnectionLostError } from "@dimos/rpc";
import { WorkerExitedError } from "../errors.ts";
import { describeExit, type Worker } from "./worker.ts";

/** How long after its connection the end of a worker may be seen. */
const EXIT_WAIT_MS = 250;

/** A connection that ends is most often a worker that ends: then the error names the worker and how it ended. */
export async function explainLoss(error: ConnectionLostError, worker: Worker): Promise<Error> {
  const unknown = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), EXIT_WAIT_MS));
  const exit = await Promise.race([worker.exited, unknown]);
  return exit === undefined ? error : new WorkerExitedError(worker.name, describeExit(exit), error);
}
