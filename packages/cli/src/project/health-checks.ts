import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, statfsSync } from "node:fs";
import { createSocketDirectory, ensureStateDirectory, isRunAlive, RunRegistry, stateDirectory } from "@dimos/core/runs";
import { discoverRegistry } from "./registry.ts";

export interface Finding {
  readonly subject: string;
  readonly state: "ok" | "warning" | "wrong";
  readonly text: string;
  /** What to do about it. */
  readonly remedy: string | undefined;
}

const MIN_FREE_BYTES = 100 * 2 ** 20;
const MIN_OPEN_FILES = 1024;
const MIN_SHARED_BYTES = 64 * 2 ** 20;
/** Nothing of this project is older. */
const EARLIEST_CLOCK_MS = Date.UTC(2026, 0, 1);
const CLOCK_SLACK_MS = 60_000;

type Check = (env: NodeJS.ProcessEnv) => Finding;

/** Each looks at one thing, changes nothing and never throws. */
export const CHECKS: readonly Check[] = [
  node,
  stateDirectoryWritable,
  diskSpace,
  sockets,
  openFiles,
  sharedMemory,
  runs,
  packages,
  clock,
];

/** A newer one that the command found by itself is fine, until another program of the robot does not find it. */
function node(env: NodeJS.ProcessEnv): Finding {
  const text = `${process.versions.node} at ${process.execPath}`;
  const older = olderNode(env);
  if (older === undefined) return ok("Node", text);
  return warning(
    "Node",
    `${older} comes first on the PATH; the command runs on ${text}`,
    "Install Node 22.18 or newer, or put a newer one first: programs that use dimos need it as well",
  );
}

/** The version of the Node that other programs get, when that is too old for dimos. */
function olderNode(env: NodeJS.ProcessEnv): string | undefined {
  const found = spawnSync("node", ["--version"], { env, encoding: "utf8", timeout: 5_000 }).stdout?.trim();
  const [, major = 0, minor = 0] = /^v(\d+)\.(\d+)/.exec(found ?? "")?.map(Number) ?? [];
  return major === 0 || major > 22 || (major === 22 && minor >= 18) ? undefined : found?.slice(1);
}

function stateDirectoryWritable(env: NodeJS.ProcessEnv): Finding {
  try {
    const { path, risk } = ensureStateDirectory(env);
    return risk === undefined ? ok("State directory", path) : warning("State directory", risk.text, risk.remedy);
  } catch (error) {
    const remedy = "Make it writable, or set DIMOS_STATE_DIR to a directory that is";
    return wrong("State directory", (error as Error).message, remedy);
  }
}

function diskSpace(env: NodeJS.ProcessEnv): Finding {
  try {
    const { bavail, bsize } = statfsSync(stateDirectory(env));
    const free = bavail * bsize;
    const text = `${Math.round(free / 2 ** 20)} MiB free for logs`;
    return free >= MIN_FREE_BYTES
      ? ok("Disk", text)
      : warning("Disk", text, "Free some: lines of the log will be lost");
  } catch {
    return warning("Disk", "it cannot be found out how much is free", "See to the state directory first");
  }
}

function sockets(env: NodeJS.ProcessEnv): Finding {
  try {
    const directory = createSocketDirectory(env);
    rmSync(directory, { recursive: true });
    return ok("Sockets", `in ${directory.slice(0, directory.lastIndexOf("/"))}`);
  } catch (error) {
    return wrong("Sockets", (error as Error).message, "Set XDG_RUNTIME_DIR to a short path of yours");
  }
}

function openFiles(): Finding {
  try {
    const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    const text = `${limit} open files per process`;
    const isEnough = limit === "unlimited" || Number(limit) >= MIN_OPEN_FILES;
    return isEnough ? ok("Limits", text) : wrong("Limits", text, `Raise it: ulimit -n ${MIN_OPEN_FILES * 4}`);
  } catch {
    return ok("Limits", "this system does not say");
  }
}

/** Large messages go through it between processes. */
function sharedMemory(): Finding {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    const free = bavail * bsize;
    const text = `${Math.round(free / 2 ** 20)} MiB of shared memory free`;
    if (free >= MIN_SHARED_BYTES) return ok("Shared memory", text);
    return warning("Shared memory", text, "Remount it larger, or start the container with --shm-size 256m");
  } catch {
    return ok("Shared memory", "this system has no /dev/shm; messages go through sockets");
  }
}

function runs(env: NodeJS.ProcessEnv): Finding {
  try {
    const { entries, unreadable } = new RunRegistry(stateDirectory(env)).list();
    const stale = entries.filter((run) => !isRunAlive(run) && run.state !== "stopped" && run.state !== "failed");
    const text = `${entries.filter(isRunAlive).length} alive, ${entries.length} known`;
    if (unreadable.length > 0)
      return warning("Runs", `${text}; unreadable: ${unreadable.join(", ")}`, "Remove these files");
    if (stale.length === 0) return ok("Runs", text);
    const ids = stale.map(({ runId }) => runId);
    const remedy = `See why: dimos log ${ids.at(-1)}; the next dimos run tidies up after them`;
    return wrong("Runs", `${text}; ended without a word: ${ids.join(", ")}`, remedy);
  } catch (error) {
    return wrong("Runs", (error as Error).message, "See to the state directory");
  }
}

function packages(): Finding {
  const registry = discoverRegistry();
  const broken = registry.warnings.map(({ package: name, message }) => `${name}: ${message}`);
  if (broken.length > 0) return wrong("Blueprints", broken.join("; "), "Repair or update these packages");
  const entries = registry.list();
  const blueprints = entries.filter(({ kind }) => kind === "blueprint").length;
  return ok("Blueprints", `${blueprints} offered here, and ${entries.length - blueprints} modules`);
}

function clock(env: NodeJS.ProcessEnv): Finding {
  const now = new Date();
  const remedy = "Set it: run ids and logs are sorted by it";
  if (now.getTime() < EARLIEST_CLOCK_MS) return wrong("Clock", `it says ${now.toISOString()}`, remedy);
  const newest = newestStartMs(env);
  if (newest <= now.getTime() + CLOCK_SLACK_MS) return ok("Clock", now.toISOString());
  const started = new Date(newest).toISOString();
  return wrong("Clock", `it says ${now.toISOString()}, and a run was started at ${started}: it was set back`, remedy);
}

/** 0 while there was no run, or none can be read. */
function newestStartMs(env: NodeJS.ProcessEnv): number {
  try {
    return Math.max(0, ...new RunRegistry(stateDirectory(env)).list().entries.map(({ startedAt }) => startedAt));
  } catch {
    return 0;
  }
}

function ok(subject: string, text: string): Finding {
  return { subject, state: "ok", text, remedy: undefined };
}

function warning(subject: string, text: string, remedy: string): Finding {
  return { subject, state: "warning", text, remedy };
}

function wrong(subject: string, text: string, remedy: string): Finding {
  return { subject, state: "wrong", text, remedy };
}
