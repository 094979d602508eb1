import { dirname, join } from "node:path";
import { workerData } from "node:worker_threads";
import { FileSink } from "./file-sink.ts";
import type { OutputLimitData } from "./limit-output.ts";
import { OutputFile } from "./output-file.ts";

// A thread of a daemon. It bounds what the run's processes print into one file, also while the event loop of the daemon
// is blocked by a module that prints without end.

const POLL_MS = 100;
const FIRST_REPORT_MS = 500;
/** A run that goes on flooding says so once a minute. */
const MAX_REPORT_MS = 60_000;
const MIB = 2 ** 20;

const { path, runId } = workerData as OutputLimitData;
const file = new OutputFile(path);
const sink = new FileSink(join(dirname(path), "output.jsonl"));
let unreported = { rotations: 0, droppedBytes: 0 };
let nextReportMs = 0;
let waitMs = FIRST_REPORT_MS;

setInterval(() => {
  try {
    const { droppedBytes } = file.limit() ?? {};
    if (droppedBytes !== undefined)
      unreported = { rotations: unreported.rotations + 1, droppedBytes: unreported.droppedBytes + droppedBytes };
  } catch {
    // It is rotated by hand just now, or its disk fails: the next look may find it.
  }
  if (unreported.rotations > 0 && performance.now() >= nextReportMs) report();
}, POLL_MS);

function report(): void {
  const { droppedBytes } = unreported;
  const msg =
    droppedBytes > 0
      ? `The run prints more than is kept: ${Math.ceil(droppedBytes / MIB)} MiB of it were dropped. The newest is in ${path} and its rotations. Let modules print less, or use this.log`
      : `What the run prints has filled ${path}, which was rotated`;
  const level = droppedBytes > 0 ? "warn" : "info";
  const time = new Date().toISOString();
  sink.write(`${JSON.stringify({ level, time, run: runId, pid: process.pid, worker: "output", msg, droppedBytes })}\n`);
  unreported = { rotations: 0, droppedBytes: 0 };
  nextReportMs = performance.now() + waitMs;
  waitMs = Math.min(waitMs * 2, MAX_REPORT_MS);
}
