import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { identifyProcess, isAlive, type ProcessIdentity } from "../runs/process-identity.ts";

/** How often a whole run is killed. More often in the nightly suite. */
const ROUNDS = process.env.DIMOS_NIGHTLY === "1" ? 20 : 2;

interface Started {
  readonly program: ChildProcess;
  readonly workers: readonly ProcessIdentity[];
  readonly children: readonly ProcessIdentity[];
}

function start(name: string): ChildProcess {
  const file = fileURLToPath(new URL(`../../test/programs/${name}.ts`, import.meta.url));
  const options = { stdio: ["ignore", "pipe", "inherit", "ipc"] as const };
  return spawn(process.execPath, ["--conditions=@dimos/source", file], { ...options, stdio: [...options.stdio] });
}

async function startSpawning(): Promise<Started> {
  const program = start("spawning");
  const [pids] = (await once(program, "message")) as [{ workers: number[]; children: number[] }];
  const [workers, children] = [pids.workers.map(identifyProcess), pids.children.map(identifyProcess)];
  expect([...workers, ...children].map(isAlive)).toEqual(Array(5).fill(true));
  return { program, workers, children };
}

/** A process that was killed counts as gone when it is; its exit may be seen by nobody. */
async function expectGone(processes: readonly ProcessIdentity[]): Promise<void> {
  await expect.poll(() => processes.filter(isAlive), { timeout: 1500, interval: 20 }).toEqual([]);
}

function expectNoSockets(): Promise<void> {
  const directory = join(process.env.XDG_RUNTIME_DIR as string, "dimos-ts");
  return expect.poll(() => readdirSync(directory), { timeout: 1500, interval: 20 }).toEqual([]);
}

function kill(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) process.kill(pid, signal);
}

describe("A second after its coordinator is killed, a run has left", () => {
  it("no process and no socket, not even of a busy worker (E4)", async () => {
    const program = start("busy");
    const [line] = await once(program.stdout as NonNullable<ChildProcess["stdout"]>, "data");
    const workers = (JSON.parse(String(line)) as number[]).map(identifyProcess);
    expect(workers.map(isAlive)).toEqual([true, true]);
    program.kill("SIGKILL");
    await expectGone(workers);
    await expectNoSockets();
  });

  it("no worker that stands still", async () => {
    const { program, workers, children } = await startSpawning();
    kill(workers.slice(0, 1), "SIGSTOP");
    program.kill("SIGKILL");
    await expectGone([...workers, ...children]);
  });

  it(`nothing that a module started, when the workers are killed with it, ${ROUNDS} times`, {
    timeout: 10_000 + 20_000 * ROUNDS,
  }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { program, workers, children } = await startSpawning();
      program.kill("SIGKILL");
      kill(workers, "SIGKILL");
      await expectGone([...workers, ...children]);
      await expectNoSockets();
    }
  });
});

it("keeps its workers when the coordinator is stopped and goes on", async () => {
  const { program, workers, children } = await startSpawning();
  program.kill("SIGSTOP");
  await sleep(1500);
  expect([...workers, ...children].map(isAlive)).toEqual(Array(5).fill(true));
  program.kill("SIGCONT");
  program.send("ask");
  expect((await once(program, "message"))[0]).toBe("pong");
  program.kill("SIGKILL");
  await expectGone([...workers, ...children]);
});
