import inspector from "node:inspector";
import { enableCompileCache } from "node:module";
import { Worker } from "node:worker_threads";
import { forgetAllocatorEnvironment } from "../stream/shared/allocator-limits.ts";
import { GUARD_ENTRY } from "../worker-entry.ts";
import { ActuatorPulse } from "./actuator-pulse.ts";
import {
  ACTUATOR_STALL_MS,
  EXIT_UNCAUGHT,
  type FromWorker,
  type ToWorker,
  WORKER_OPTIONS_VARIABLE,
  type WorkerOptions,
} from "./messages.ts";
import type { WorkerSession } from "./session.ts";

// The entry of a worker process, which alone exits and catches signals here. It says Ready before anything heavy is
// imported: requests wait for the session meanwhile.
enableCompileCache();

/** How long modules may take to stop when the worker ends by itself: then the process ends in any case. */
const GRACE_MS = 600;
/** A worker that is told to end by somebody else waits this long for its coordinator to ask. */
const TERM_PATIENCE_MS = 1_000;
/** The guard gives the main thread this long, less than a second in all with what it takes to notice. */
const GUARD_GRACE_MS = 750;
const HEARTBEAT_MS = 250;

const options = JSON.parse(process.env[WORKER_OPTIONS_VARIABLE] ?? "{}") as WorkerOptions;
delete process.env[WORKER_OPTIONS_VARIABLE];
forgetAllocatorEnvironment();
process.env.DIMOS_WORKER_PID = String(process.pid);

const pulse = new ActuatorPulse();
const session = import("./session.ts").then(({ WorkerSession }) => new WorkerSession(options, send, pulse));
let started: WorkerSession | undefined;
// A session that cannot be imported fails the requests that wait for it, each with the reason.
session.then(
  (ready) => {
    started = ready;
  },
  () => {},
);
let ending = false;
let isShuttingDown = false;

function send(message: FromWorker, sent: () => void = () => {}): void {
  // A failing send means that the coordinator is gone: "disconnect" follows and ends this process.
  if (process.connected) process.send?.(message, sent);
}

async function take(message: ToWorker): Promise<void> {
  if ("type" in message) {
    void session.then((started) => started.beat());
    return;
  }
  if ("lease" in message) {
    void session.then((started) => started.leases.decided(message.lease, message.refusal));
    return;
  }
  const isLast = message.request.type === "Shutdown";
  isShuttingDown ||= isLast;
  const response = await session.then(
    (started) => started.answer(message),
    ({ name, message: text }: Error): FromWorker => ({
      type: "Response",
      id: message.id,
      ok: false,
      error: { name, message: text },
    }),
  );
  if (isLast) ending = true;
  send(response, () => {
    if (isLast) process.exit(0);
  });
}

async function end(reason: string, exitCode: number, error?: unknown): Promise<void> {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(exitCode), GRACE_MS);
  await session.then(
    (started) => started.close(reason, error),
    () => undefined,
  );
  process.exit(exitCode);
}

// What modules print may have no room on a full disk, or no reader any more: that is no reason to lose a robot's worker.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});
process.on("message", (message: ToWorker) => void take(message));
process.on("disconnect", () => void end("the coordinator is gone", 0));
// Ctrl-C and a closed terminal reach the whole process group: the coordinator decides what happens then.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
// So may SIGTERM: then the coordinator asks soon. Its own comes when the worker has not done what it was asked.
process.on("SIGTERM", () => setTimeout(() => void end("SIGTERM", 143), isShuttingDown ? 0 : TERM_PATIENCE_MS));
process.on("uncaughtException", (error) => void end("an error that nobody caught", EXIT_UNCAUGHT, error));
process.on("unhandledRejection", (error) => void end("a rejection that nobody handled", EXIT_UNCAUGHT, error));
send({ type: "Ready" });

// A coordinator that stands still takes nothing: one heartbeat waits for it, not one for every moment of that.
let isHeard = true;
setInterval(() => {
  if (!isHeard) return;
  isHeard = false;
  const isDebugged = inspector.url() !== undefined;
  const memoryFaults = started?.memoryFaults ?? {};
  send({ type: "Heartbeat", rssBytes: process.memoryUsage.rss(), isDebugged, memoryFaults }, () => {
    isHeard = true;
  });
}, HEARTBEAT_MS).unref();
const guard = new Worker(GUARD_ENTRY, {
  workerData: {
    coordinatorPid: options.coordinatorPid,
    graceMs: GUARD_GRACE_MS,
    stallMs: ACTUATOR_STALL_MS,
    pulse: pulse.shared,
  },
});
guard.unref();
// Without its guard a worker still sees the channel close, unless it is in an endless loop.
guard.on("error", () => {});
