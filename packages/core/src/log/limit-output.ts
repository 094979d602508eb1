import { Worker } from "node:worker_threads";
import { OUTPUT_LIMIT_ENTRY } from "../worker-entry.ts";

export interface OutputLimitData {
  /** The file that takes what a daemon and its workers print. */
  readonly path: string;
  readonly runId: string;
}

/**
 * Bounds the file that takes what this process and its children print, which all of them must have open for appending:
 * it is rotated as logs are, and the run's log says so. Ends with the process, which it does not keep alive.
 */
export function limitOutput(data: OutputLimitData): void {
  const thread = new Worker(OUTPUT_LIMIT_ENTRY, { workerData: data });
  // Without it the run goes on, and the file grows.
  thread.on("error", () => {});
  thread.unref();
}
