import { readdirSync, readFileSync } from "node:fs";
import { WORKER_OPTIONS_VARIABLE } from "../worker/messages.ts";
import { identifyProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";
import type { RunEntry } from "./run-entry.ts";

/**
 * Every live process of a run but the caller: its coordinator, what descends from it, and whatever carries its id in the
 * environment: workers that lost their coordinator, and what modules have started, whoever is its parent by now. Where
 * there is no `/proc`, the coordinator alone.
 */
export function processesOf(run: Pick<RunEntry, "runId"> & ProcessIdentity): readonly ProcessIdentity[] {
  const pids = listPids();
  const found = new Set<number>(isAlive(run) ? [run.pid, ...descendantsOf(run.pid, pids)] : []);
  for (const pid of pids) if (carries(pid, run.runId)) found.add(pid);
  found.delete(process.pid);
  return [...found].map(identifyProcess).filter(isAlive);
}

/** Signals exactly this process, and nobody who got its number later. False: it was not there any more, or is not ours to signal. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH" || code === "EPERM") return false;
    throw error;
  }
}

/**
 * Kills the worker of that name, found by what it was started with: it answers nobody. False where it is not found, or
 * there is no `/proc`. Never the program that the run belongs to.
 */
export function killWorker(run: Pick<RunEntry, "runId"> & ProcessIdentity, worker: string): boolean {
  const found = processesOf(run).find(({ pid }) => pid !== run.pid && workerNameOf(pid) === worker);
  return found !== undefined && signalProcess(found, "SIGKILL");
}

/** Processes that a worker starts do not inherit its options. */
function workerNameOf(pid: number): string | undefined {
  const variable = environmentOf(pid).find((line) => line.startsWith(`${WORKER_OPTIONS_VARIABLE}=`));
  if (variable === undefined) return undefined;
  try {
    return (JSON.parse(variable.slice(variable.indexOf("=") + 1)) as { readonly name?: string }).name;
  } catch {
    return undefined;
  }
}

function listPids(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function descendantsOf(root: number, pids: readonly number[]): number[] {
  const children = Map.groupBy(pids, parentOf);
  const found: number[] = [];
  const collect = (pid: number) => {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      collect(child);
    }
  };
  collect(root);
  return found;
}

function parentOf(pid: number): number {
  const text = readProc(pid, "stat");
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
}

/** Everything of a run was started with the run's id in its environment, which stays readable whatever it does to it later. */
function carries(pid: number, runId: string): boolean {
  return environmentOf(pid).includes(`DIMOS_RUN_ID=${runId}`);
}

function environmentOf(pid: number): readonly string[] {
  return readProc(pid, "environ").split("\0");
}

/** Empty for a process that is gone, or somebody else's. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
