import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { Command, DIMOS, dimos, PROJECT } from "./command.ts";
import { daemon, PATIENT, stopAll } from "./daemons.ts";

vi.setConfig({ testTimeout: 300_000 });
afterEach(stopAll);

const MIB = 2 ** 20;
const LOADED = { timeout: 60_000 };

function bytesOf(log: string): number {
  return readdirSync(log)
    .filter((name) => /^output.*\.log$/.test(name))
    .reduce((sum, name) => sum + statSync(join(log, name)).size, 0);
}

it("E6 100 MB that a worker prints are bounded, with a line that says so, and its last words are kept", async () => {
  const { log } = await daemon("printer");
  expect((await dimos("call", "Printer.print", "100")).exitCode).toBe(0);
  await expect.poll(() => statSync(join(log, "output.log")).size, LOADED).toBeLessThan(17 * MIB);
  await expect
    .poll(async () => (await dimos("log", "--level", "warn")).stdout, LOADED)
    .toMatch(
      /warn {2}output: The run prints more than is kept: \d+ MiB of it were dropped\. The newest is in \S+output\.log/,
    );
  expect(bytesOf(log)).toBeLessThan(100 * MIB);
  expect((await dimos("call", "Printer.say", '"still here"')).exitCode).toBe(0);
  await dimos("call", "Printer.die", '"my last words"');
  await expect
    .poll(() => readFileSync(join(log, "output.log"), "utf8"), PATIENT)
    .toMatch(/still here\nmy last words\n$/);
  const shown = (await dimos("log", "-n", "20")).stdout;
  for (const text of ["still here", "my last words", String((100 * MIB) / 64 - 1).padStart(63, ".")])
    expect(shown).toContain(`output: ${text}\n`);
});

it.each([
  ["in a worker", "1"],
  ["in the run's own process", "0"],
])("a module that prints to a full disk goes on %s", async (_title, workers) => {
  const full = openSync("/dev/full", "w");
  const args = [DIMOS, "run", "printer", "--n-workers", workers];
  const run = spawn(process.execPath, args, { cwd: PROJECT, stdio: ["ignore", full, full] });
  closeSync(full);
  try {
    await expect.poll(async () => (await dimos("call", "Printer.say", '"up"')).exitCode, LOADED).toBe(0);
    for (let time = 0; time < 3; time++) expect((await dimos("call", "Printer.say", '"again"')).exitCode).toBe(0);
    const { stdout } = await dimos("status");
    expect(stdout).toMatch(/^printer {2}running/);
    expect(stdout).not.toContain("restart");
    expect((await dimos("stop")).exitCode).toBe(0);
  } finally {
    run.kill("SIGKILL");
    if (run.exitCode === null && run.signalCode === null) await once(run, "exit");
  }
});

it("a reader of the output that goes away ends no run", async () => {
  const run = new Command(["run", "printer", "--n-workers", "0"]);
  await run.says("Running printer");
  run.child.stdout?.destroy();
  for (let time = 0; time < 3; time++) expect((await dimos("call", "Printer.say", '"again"')).exitCode).toBe(0);
  expect((await dimos("stop")).exitCode).toBe(0);
  expect((await run.finished()).exitCode).toBe(0);
});
