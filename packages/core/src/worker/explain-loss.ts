import type { ConnectionLostError } from "@dimos/rpc";
import { WorkerExitedError } from "../errors.ts";
import { waitAtMost } from "../stream/patience.ts";
import type { WorkerEnd } from "./worker-ends.ts";

/** How long after the connection to a worker there may be word of its end. */
const WORD_WAIT_MS = 250;

/**
 * A connection that ends is most often a worker that ends: then the error names the worker and how it ended. It is the one
 * that is there when there is no word of that in time, or `word` settles to undefined.
 *
 * @param instance the module there that was called, for a caller who knows it by another name
 */
export async function explainLoss(
  error: ConnectionLostError,
  word: Promise<WorkerEnd | undefined>,
  instance?: string,
): Promise<Error> {
  let end: WorkerEnd | undefined;
  const heard = word.then((told) => {
    end = told;
  });
  await waitAtMost(WORD_WAIT_MS, heard);
  return end === undefined ? error : new WorkerExitedError(end.worker, end.reason, { cause: error, instance });
}
