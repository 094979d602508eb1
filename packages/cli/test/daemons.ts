import { existsSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import { dimos } from "./command.ts";

/** In a loaded machine's own time. */
export const PATIENT = { timeout: 40_000 };

export interface StartedDaemon {
  readonly run: string;
  readonly pid: number;
  readonly log: string;
}

export async function daemon(...args: string[]): Promise<StartedDaemon> {
  const { exitCode, stdout, stderr } = await dimos("run", ...args, "--daemon");
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining("Running ")]);
  const [, run, pid, log] = /^run (\S+)\npid (\d+)\nlog (.+)\n$/.exec(stdout) ?? [];
  return { run: run as string, pid: Number(pid), log: log as string };
}

/** Ends everything that a test has started, also one that fails. */
export async function stopAll(): Promise<void> {
  await dimos("stop", "--all", "--force");
}

export function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
