import { setTimeout as sleep } from "node:timers/promises";
import {
  isAlive,
  isRunAlive,
  type ProcessIdentity,
  processesOf,
  type RunEntry,
  type RunRegistry,
  signalProcess,
} from "@dimos/core/runs";
import { nameOf } from "../connection/choose-run.ts";
import { RunClient } from "../connection/run-client.ts";
import { CliError } from "../errors.ts";

/** After SIGTERM to a run that had been asked before, and after SIGKILL. */
const GRACE_MS = 2_000;
const POLL_MS = 20;

export interface EndOptions {
  /** Kill at once. */
  readonly force: boolean;
  /** How long the run has to end by itself. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface EndedRun {
  readonly how: "asked" | "terminated" | "killed";
  /** Process ids that survived even SIGKILL. */
  readonly survivors: readonly number[];
}

/**
 * Ends a run: asked over its control connection, then SIGTERM, then SIGKILL. Returns when no process of it exists, or
 * with those that no signal could end. Only processes that are certainly of this run are signalled.
 */
export async function endRun(run: RunEntry, registry: RunRegistry, options: EndOptions): Promise<EndedRun> {
  const processes = new RunProcesses(run);
  const how = await end(run, processes, options);
  const survivors = processes.alive();
  if (survivors.length === 0 && how !== "asked") recordEnd(run, registry, how);
  return { how, survivors: survivors.map(({ pid }) => pid) };
}

async function end(run: RunEntry, processes: RunProcesses, options: EndOptions): Promise<EndedRun["how"]> {
  const { force, timeoutMs, signal } = options;
  if (!force) {
    const isAsked = await ask(run);
    if (isAsked && (await processes.gone(timeoutMs, signal))) return "asked";
    if (signal.aborted) throw interrupted(run, isAsked);
    signalProcess(run, "SIGTERM");
    if (await processes.gone(isAsked ? GRACE_MS : timeoutMs, signal)) return "terminated";
    if (signal.aborted) throw interrupted(run, true);
  }
  await processes.gone(GRACE_MS, signal, "SIGKILL");
  return "killed";
}

/** What no signal could end: whoever asked is told, and has failed. */
export function describeSurvivors(run: RunEntry, survivors: readonly number[]): string {
  const processes = survivors.map((pid) => `process ${pid}`).join(", ");
  return `Error: ${nameOf(run)} is not gone: ${processes} survived SIGKILL`;
}

/** Whoever waits for the end goes away: the run ends without a witness, or does not know of it. */
function interrupted(run: RunEntry, isTold: boolean): CliError {
  const rest = isTold
    ? 'was told to stop and is still at it: "dimos status" shows it, "dimos stop --force" kills it'
    : "goes on: it has not been told to stop";
  return new CliError("INTERRUPTED", `${nameOf(run)} ${rest}`);
}

async function ask(run: RunEntry): Promise<boolean> {
  try {
    await using client = await RunClient.connect(run);
    await client.stop();
    return true;
  } catch {
    // It hangs, or has no endpoint yet: it is told by signal.
    return false;
  }
}

/** A run that was killed could not say so itself, nor take its sockets away. */
function recordEnd(run: RunEntry, registry: RunRegistry, how: "terminated" | "killed"): void {
  const entry = registry.list().entries.find(({ runId }) => runId === run.runId);
  if (entry === undefined || entry.state === "stopped" || entry.state === "failed" || isRunAlive(entry)) return;
  registry.prune();
  registry.write({ ...entry, state: "stopped", endedAt: Date.now(), exit: { reason: `${how} by dimos stop` } });
}

/** The processes of a run, those that were started meanwhile included. */
class RunProcesses {
  readonly #run: RunEntry;
  readonly #known = new Map<string, ProcessIdentity>();

  constructor(run: RunEntry) {
    this.#run = run;
    this.alive();
  }

  alive(): readonly ProcessIdentity[] {
    for (const identity of processesOf(this.#run)) this.#known.set(`${identity.pid} ${identity.startTime}`, identity);
    return [...this.#known.values()].filter(isAlive);
  }

  /** @param kill sent to each at every look: what is about to die may start another one */
  async gone(timeoutMs: number, signal: AbortSignal, kill?: "SIGKILL"): Promise<boolean> {
    const deadlineMs = performance.now() + timeoutMs;
    for (let alive = this.alive(); alive.length > 0; alive = this.alive()) {
      if (kill !== undefined) for (const identity of alive) signalProcess(identity, kill);
      if (signal.aborted || performance.now() > deadlineMs) return false;
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    return true;
  }
}
