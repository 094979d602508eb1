import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { fromWireError, toWireError, type WireError } from "@dimos/rpc";
import { CLOCK_BASE_VARIABLE } from "../clock-base.ts";
import { WorkerExitedError, WorkerTimeoutError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import type { MemoryFaults } from "../report/memory-faults.ts";
import { coreErrors } from "../revive-errors.ts";
import type { CapabilityRegistry } from "../safety/capability-registry.ts";
import { type HoldState, NOT_HELD } from "../safety/hold.ts";
import type { LeaseRequest } from "../safety/lease.ts";
import { waitAtMost } from "../stream/patience.ts";
import { allocatorEnvironment } from "../stream/shared/allocator-limits.ts";
import { WORKER_ENTRY } from "../worker-entry.ts";
import { withDeadline } from "./deadline.ts";
import { workerExecArgv } from "./exec-argv.ts";
import {
  EXIT_UNCAUGHT,
  type FromWorker,
  type SafetyReport,
  type ToWorker,
  WORKER_OPTIONS_VARIABLE,
  type WorkerAnswers,
  type WorkerOptions,
  type WorkerRequest,
} from "./messages.ts";
import { describeExit, type RequestOptions, type Worker, type WorkerExit } from "./worker.ts";

const READY_TIMEOUT_MS = 30_000;
/** Between SIGTERM and SIGKILL. */
const TERM_GRACE_MS = 2_000;
/** The channel of a worker that has exited is read to its end by then. */
const LAST_WORD_MS = 250;
const STDERR = 2;

/** Requests for which a module's own code runs that may block for long. */
const MODULE_LIFE: ReadonlySet<WorkerRequest["type"]> = new Set([
  "DeployModule",
  "BuildModule",
  "StartModule",
  "StopModule",
  "UndeployModule",
  "Shutdown",
]);

interface Pending {
  readonly type: WorkerRequest["type"];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A worker process and the coordinator's end of its control channel. */
export class WorkerProcess implements Worker {
  readonly name: string;
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;
  readonly #log: Logger;
  readonly #capabilities: CapabilityRegistry;
  readonly #pending = new Map<number, Pending>();
  readonly #ready = Promise.withResolvers<void>();
  /** Memory of the process, as of its last heartbeat. */
  rssBytes = 0;
  memoryFaults: MemoryFaults = {};
  /** The last stop of its emergency socket that it has reported. */
  heardStop: string | undefined;
  readonly #onReport: (worker: WorkerProcess, report: SafetyReport) => void;
  #held: { readonly reason: string; readonly sinceMs: number } | undefined;
  #isBeatUnderway = false;
  heard = 0;
  isDebugged = false;
  #heardMs = performance.now();
  #exit: WorkerExit | undefined;
  #nextId = 1;
  #hasSentJunk = false;
  /** The error that it said it ends for. */
  #uncaught: string | undefined;
  #killedFor: string | undefined;
  #stop: Promise<void> | undefined;

  private constructor(
    options: WorkerOptions,
    log: Logger,
    capabilities: CapabilityRegistry,
    onReport: (worker: WorkerProcess, report: SafetyReport) => void,
  ) {
    this.name = options.name;
    this.#log = log;
    this.#capabilities = capabilities;
    this.#onReport = onReport;
    this.#child = fork(fileURLToPath(WORKER_ENTRY), [], {
      serialization: "advanced",
      execArgv: workerExecArgv(process.execArgv),
      // What modules print is talk: standard output belongs to the program.
      stdio: ["ignore", STDERR, STDERR, "ipc"],
      env: workerEnvironment(options),
    });
    const { promise, resolve } = Promise.withResolvers<WorkerExit>();
    this.exited = promise;
    this.#child.on("message", (message: unknown) => this.#take(message));
    // A fork that fails never exits.
    this.#child.on("error", (error) =>
      this.#ended({ code: null, signal: null }, `could not be started: ${error.message}`, resolve),
    );
    this.#child.on("exit", (code, signal) => void this.#exited(code, signal, resolve));
  }

  /** Forks a worker and waits until it is ready for requests. */
  static async start(
    options: WorkerOptions,
    log: Logger,
    capabilities: CapabilityRegistry,
    onReport: (worker: WorkerProcess, report: SafetyReport) => void,
    signal?: AbortSignal,
  ): Promise<WorkerProcess> {
    const worker = new WorkerProcess(options, log, capabilities, onReport);
    try {
      const late = () => new WorkerTimeoutError(worker.name, "Ready", READY_TIMEOUT_MS);
      await withDeadline(worker.#ready.promise, { timeoutMs: READY_TIMEOUT_MS, signal }, late);
      return worker;
    } catch (error) {
      worker.#child.kill("SIGKILL");
      await worker.exited;
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get hold(): HoldState {
    if (this.#held === undefined) return NOT_HELD;
    const { reason, sinceMs } = this.#held;
    return { held: true, reason, heldMs: performance.now() - sinceMs };
  }

  /** One that does not take its beats has at most one waiting. */
  beat(): void {
    if (this.#isBeatUnderway || this.#exit !== undefined) return;
    this.#isBeatUnderway = true;
    const message: ToWorker = { type: "Beat" };
    this.#child.send(message, () => {
      this.#isBeatUnderway = false;
    });
  }

  async request<R extends WorkerRequest>(request: R, options: RequestOptions): Promise<WorkerAnswers[R["type"]]> {
    if (this.#exit !== undefined) throw new WorkerExitedError(this.name, describeExit(this.#exit));
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { type: request.type, resolve, reject });
    const message: ToWorker = { id, request };
    try {
      this.#child.send(message, (error) => {
        if (error !== null) reject(new WorkerExitedError(this.name, `cannot be reached: ${error.message}`));
      });
      const late = () => new WorkerTimeoutError(this.name, request.type, options.timeoutMs);
      return (await withDeadline(promise, options, late)) as WorkerAnswers[R["type"]];
    } finally {
      this.#pending.delete(id);
    }
  }

  stop(timeoutMs: number): Promise<void> {
    this.#stop ??= this.#end(timeoutMs);
    return this.#stop;
  }

  async kill(why?: string): Promise<void> {
    this.#killedFor ??= why;
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  async #end(timeoutMs: number): Promise<void> {
    const termMs = Math.min(TERM_GRACE_MS, timeoutMs / 3);
    const term = setTimeout(() => this.#child.kill("SIGTERM"), timeoutMs - termMs);
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), timeoutMs);
    try {
      await this.request({ type: "Shutdown" }, { timeoutMs: timeoutMs - termMs });
    } catch {
      // It may have ended already, or it does not answer: the signals follow. A failing stop() is in the worker's log.
    }
    await this.exited;
    clearTimeout(term);
    clearTimeout(kill);
  }

  /** Milliseconds since the worker last said anything. */
  get silentMs(): number {
    return performance.now() - this.#heardMs;
  }

  get isAtModuleLife(): boolean {
    return [...this.#pending.values()].some(({ type }) => MODULE_LIFE.has(type));
  }

  /** What modules send on the channel with `process.send` arrives here as well. */
  #take(message: unknown): void {
    this.#heardMs = performance.now();
    this.heard++;
    if (!isFromWorker(message) || (message.type === "Response" && message.id >= this.#nextId)) {
      this.#reportJunk(message);
      return;
    }
    if (message.type === "Heartbeat") {
      this.rssBytes = message.rssBytes;
      this.isDebugged = message.isDebugged;
      this.memoryFaults = message.memoryFaults;
      return;
    }
    if (message.type === "Ready") {
      this.#ready.resolve();
      return;
    }
    if (message.type === "Uncaught") {
      this.#uncaught = message.text;
      return;
    }
    if (message.type === "Held" || message.type === "HoldOver" || message.type === "Stopped") {
      this.#takeReport(message);
      return;
    }
    if (message.type === "Release") {
      this.#capabilities.release(message.lease);
      return;
    }
    if (message.type === "Acquire") {
      void this.#lease(message.request);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (message.ok) pending?.resolve(message.value);
    else pending?.reject(fromWireError(message.error, coreErrors()));
  }

  #takeReport(report: SafetyReport): void {
    if (report.type === "Held") this.#held = { reason: report.reason, sinceMs: performance.now() };
    else if (report.type === "Stopped") this.heardStop = report.id;
    else if (!report.isOverdue) this.#held = undefined;
    this.#onReport(this, report);
  }

  async #lease(request: LeaseRequest): Promise<void> {
    // What was on its way when the process ended may still arrive; nobody would give back what it got.
    if (this.#exit !== undefined) return;
    const { lease } = request;
    const refusal = await this.#capabilities.acquire(this.name, request).then(
      () => undefined,
      (error: unknown) => toWireError(error),
    );
    const message: ToWorker = { lease, refusal };
    // A worker that has ended holds nothing.
    if (this.#exit === undefined) this.#child.send(message, () => {});
  }

  #reportJunk(message: unknown): void {
    if (this.#hasSentJunk) return;
    this.#hasSentJunk = true;
    const text = inspect(message, { depth: 1, maxStringLength: 80, maxArrayLength: 5, breakLength: Infinity });
    this.#log.warn(
      `Worker ${this.name} sent ${text} on its control channel, which was ignored. The channel belongs to dimos: modules talk through streams and rpc methods`,
    );
  }

  async #exited(code: number | null, signal: NodeJS.Signals | null, settle: (exit: WorkerExit) => void): Promise<void> {
    // What it said last may still be in the channel.
    if (code === EXIT_UNCAUGHT && this.#uncaught === undefined && this.#child.connected)
      await waitAtMost(LAST_WORD_MS, once(this.#child, "disconnect"));
    const killedFor = signal === "SIGKILL" ? this.#killedFor : undefined;
    const exit = { code, signal, uncaught: this.#uncaught, killedFor };
    this.#ended(exit, describeExit(exit), settle);
  }

  #ended(exit: WorkerExit, reason: string, settle: (exit: WorkerExit) => void): void {
    if (this.#exit !== undefined) return;
    this.#exit = exit;
    this.#capabilities.freeWorker(this.name);
    const error = new WorkerExitedError(this.name, reason);
    this.#ready.promise.catch(() => {});
    this.#ready.reject(error);
    for (const pending of this.#pending.values()) pending.reject(error);
    settle(exit);
  }
}

function isFromWorker(message: unknown): message is FromWorker {
  if (typeof message !== "object" || message === null) return false;
  const { type, id, ok, error, rssBytes, isDebugged, memoryFaults, lease, request, text, reason, heldMs } =
    message as Record<string, unknown>;
  if (type === "Ready") return true;
  if (type === "Uncaught") return typeof text === "string";
  if (type === "Heartbeat")
    return typeof rssBytes === "number" && typeof isDebugged === "boolean" && isMemoryFaults(memoryFaults);
  if (type === "Release") return typeof lease === "string";
  if (type === "Held") return typeof reason === "string";
  if (type === "HoldOver") return typeof reason === "string" && typeof heldMs === "number";
  if (type === "Stopped") return typeof reason === "string" && typeof id === "string";
  if (type === "Acquire") return isLeaseRequest(request);
  return type === "Response" && Number.isInteger(id) && (ok === true || (ok === false && isWireError(error)));
}

function isMemoryFaults(faults: unknown): faults is MemoryFaults {
  return typeof faults === "object" && faults !== null && Object.values(faults).every(Number.isInteger);
}

function isLeaseRequest(request: unknown): request is LeaseRequest {
  const { lease, capabilities, waitMs } = (request ?? {}) as Partial<LeaseRequest>;
  return typeof lease === "string" && Array.isArray(capabilities) && typeof waitMs === "number";
}

function isWireError(error: unknown): error is WireError {
  return typeof error === "object" && error !== null && typeof (error as { message?: unknown }).message === "string";
}

function workerEnvironment(options: WorkerOptions): NodeJS.ProcessEnv {
  // Reading extra certificates costs a worker's start 60–100 ms, and its sockets are local.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return {
    ...allocatorEnvironment(),
    ...env,
    DIMOS_RUN_ID: options.runId,
    DIMOS_RUN_DIRECTORY: options.socketDirectory,
    [CLOCK_BASE_VARIABLE]: String(options.clockBaseMs),
    [WORKER_OPTIONS_VARIABLE]: JSON.stringify(options),
  };
}
