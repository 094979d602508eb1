import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { identifyProcess, isAlive } from "./process-identity.ts";
import { processesOf, signalProcess } from "./run-processes.ts";

const GONE = { pid: 2 ** 22 + 1, startTime: "1", bootId: identifyProcess(process.pid).bootId };
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

/** A shell that has said its first line. */
async function shell(script: string, env: NodeJS.ProcessEnv = {}): Promise<{ pid: number; said: string }> {
  const child = spawn("/bin/sh", ["-c", script], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env.PATH, ...env },
  });
  children.push(child);
  const [text] = await once(child.stdout as NonNullable<typeof child.stdout>, "data");
  return { pid: child.pid as number, said: String(text).trim() };
}

describe("the processes of a run", () => {
  it.runIf(process.getuid?.() !== 0)(
    "that belong to somebody else are not ours to signal, which is no error (root may signal all)",
    () => {
      expect(signalProcess(identifyProcess(1), "SIGTERM")).toBe(false);
    },
  );

  it("are also those that carry its id and have lost their parent, and no others (H3)", async () => {
    const own = await shell("echo up; exec sleep 300", { DIMOS_RUN_ID: "20300101-run-0001" });
    await shell("echo up; exec sleep 300", { DIMOS_RUN_ID: "20300101-run-00012" });
    const mentioned = await shell("echo up; exec sleep 300", { NOTE: "DIMOS_RUN_ID=20300101-run-0001" });
    const found = processesOf({ runId: "20300101-run-0001", ...GONE }).map(({ pid }) => pid);
    expect(found).toEqual([own.pid]);
    expect(found).not.toContain(mentioned.pid);
  });

  it("are not what merely has the number of one: a zombie, or a process that came later (H5)", async () => {
    const parent = await shell("sleep 300 & echo $!; exec sleep 300");
    const zombie = identifyProcess(Number(parent.said));
    // From then on its parent is a program that never asks how its children ended.
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8")).toBe("sleep\n");
    process.kill(zombie.pid, "SIGKILL");
    await expect.poll(() => isAlive(identifyProcess(zombie.pid))).toBe(false);
    expect(zombie.startTime).toBeDefined();
    expect(signalProcess(zombie, "SIGTERM")).toBe(false);
    const later = { ...identifyProcess(parent.pid), startTime: "12" };
    expect([isAlive(later), signalProcess(later, "SIGKILL")]).toEqual([false, false]);
    const beforeBoot = { ...identifyProcess(parent.pid), bootId: "another boot" };
    expect([isAlive(beforeBoot), signalProcess(beforeBoot, "SIGKILL")]).toEqual([false, false]);
    expect(isAlive(identifyProcess(parent.pid))).toBe(true);
    const number = { pid: parent.pid, startTime: undefined, bootId: undefined };
    expect([isAlive(number), signalProcess(number, "SIGKILL")]).toEqual([false, false]);
    expect(processesOf({ runId: "no such run", ...number })).toEqual([]);
  });
});
