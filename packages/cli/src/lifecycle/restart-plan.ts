import { accessSync, constants, statSync } from "node:fs";
import { basename } from "node:path";
import type { RunEntry } from "@dimos/core/runs";
import { nameOf } from "../connection/choose-run.ts";
import { CliError } from "../errors.ts";
import type { Program } from "./become.ts";

/** The command that started a run, ready to be given to the system again. */
export interface RestartPlan extends Program {
  /** What followed `dimos run`; undefined for a program that is not the command. */
  readonly runArguments: readonly string[] | undefined;
}

/** What a run was started with, checked to be there still: nothing has been stopped yet. */
export function planRestart(run: RunEntry, mode: "recorded" | "daemon" | "foreground"): RestartPlan {
  const [script, ...rest] = run.argv;
  if (script === undefined)
    throw refused(run, "its file does not say how it was started. Stop it, and start it again yourself");
  const at = rest[0] === "--debug-calls" ? 1 : 0;
  const isCommand = rest[at] === "run" && /^dimos(\.js)?$/.test(basename(script));
  if (!isCommand && mode !== "recorded") throw refused(run, `it was started by ${script}, which takes no --${mode}`);
  const args = isCommand ? inMode(rest, mode) : rest;
  check(run, "the Node that ran it", run.execPath, constants.X_OK);
  check(run, "its program", script, constants.R_OK);
  if (!isDirectory(run.cwd)) throw refused(run, `its directory ${run.cwd} is not there any more`);
  return {
    file: run.execPath,
    args: [...run.execArgv, script, ...args],
    cwd: run.cwd,
    env: { ...withoutDimos(process.env), ...run.env },
    runArguments: isCommand ? args.slice(at + 1) : undefined,
  };
}

function inMode(args: readonly string[], mode: "recorded" | "daemon" | "foreground"): readonly string[] {
  if (mode === "recorded" || (mode === "daemon" && args.includes("--daemon"))) return args;
  return mode === "daemon" ? [...args, "--daemon"] : args.filter((argument) => argument !== "--daemon");
}

function check(run: RunEntry, what: string, path: string, access: number): void {
  try {
    accessSync(path, access);
  } catch {
    throw refused(
      run,
      `${what}, ${path}, is not there any more, or cannot be ${access === constants.X_OK ? "run" : "read"}`,
    );
  }
}

/** Whatever its own code says: what was asked for, a restart, has failed. */
export function refused(run: RunEntry, reason: string, cause?: unknown): CliError {
  return new CliError("CANNOT_RESTART", `${nameOf(run)} is left as it is: ${reason}`, cause);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The run's own `DIMOS_*` count, not those of whoever restarts it. */
function withoutDimos(env: NodeJS.ProcessEnv): Record<string, string> {
  const rest = Object.entries(env).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && !pair[0].startsWith("DIMOS_"),
  );
  return Object.fromEntries(rest);
}
