import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { Command, dimos } from "./command.ts";
import { daemon, PATIENT, stopAll } from "./daemons.ts";

// Each test starts many processes; a loaded machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

afterAll(stopAll);

describe("dimos show-config", () => {
  it("says of every setting where it comes from, the last flag winning over file and environment", async () => {
    const directory = mkdtempSync(join(tmpdir(), "dimos-config-"));
    const file = join(directory, "robot.json");
    writeFileSync(file, JSON.stringify({ nWorkers: 1, Talker: { words: ["a"], gain: 2 } }));
    const args = ["show-config", "talker", "--json", "--config", file, "--gain", "3", "--gain", "4"];
    const { exitCode, stdout } = await new Command(args, { env: { DIMOS_N_WORKERS: "5" } }).finished();
    rmSync(directory, { recursive: true });
    expect(exitCode).toBe(0);
    const found = JSON.parse(stdout).map((setting: Record<string, unknown>) => [
      setting.name,
      setting.value,
      setting.source,
    ]);
    expect(found).toContainEqual(["nWorkers", 5, "environment DIMOS_N_WORKERS"]);
    expect(found).toContainEqual(["gain", 4, "--gain"]);
    expect(found).toContainEqual(["words", ["a"], `file ${file}`]);
    expect(found).toContainEqual(["loud", true, "default"]);
  });

  it("masks secrets, in the table and as JSON, and still says where they come from", async () => {
    const env = { DIMOS_TOKEN: "hunter2-of-the-environment", DIMOS_LISTEN: "ws://127.0.0.1:0" };
    for (const args of [["show-config", "--json"], ["show-config"], ["show-config", "talker", "--json"]]) {
      const { exitCode, stdout } = await new Command(args, { env }).finished();
      expect(exitCode).toBe(0);
      expect(stdout).not.toContain("hunter2");
      expect(stdout).toContain("environment DIMOS_TOKEN");
    }
    const flag = await dimos("show-config", "talker", "--token", "hunter2-of-the-flag", "--listen", "ws://127.0.0.1:0");
    expect([flag.exitCode, flag.stdout]).toEqual([0, expect.stringMatching(/token +"\*\*\*" +--token\n/)]);
    expect(flag.stdout).not.toContain("hunter2");
  });

  it("shows the settings of any run without a name, and refuses what run would refuse", async () => {
    expect((await dimos("show-config")).stdout).toMatch(/^Run\n {2}nWorkers +2 +default\n/);
    expect((await dimos("show-config", "--n-workers", "3")).stdout).toMatch(/^Run\n {2}nWorkers +3 +--n-workers\n/);
    expect(await dimos("show-config", "talker", "--gian", "1")).toMatchObject({ exitCode: 2 });
    expect(await dimos("show-config", "--n-worker", "3")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: 'Error: There is no option --n-worker. Did you mean "--n-workers"?\n',
    });
    expect((await dimos("show-config", "talker", "--help")).stdout).toContain("Settings of Talker:");
  });

  it("refuses a file that misspells a module, and warns of a module that is not here", async () => {
    const directory = mkdtempSync(join(tmpdir(), "dimos-config-"));
    const file = join(directory, "robot.json");
    const given = (values: object) => {
      writeFileSync(file, JSON.stringify(values));
      return dimos("show-config", "talker", "--config", file);
    };
    expect(await given({ Talkr: { gain: 2 } })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `Error: There is no module "Talkr" (from file ${file}). Did you mean "Talker"?\n`,
    });
    expect(await given({ Gripper: { force: 2 } })).toMatchObject({
      exitCode: 0,
      stderr: `Warning: file ${file}: there is no module "Gripper" here.\n`,
    });
    rmSync(directory, { recursive: true });
  });
});

describe("dimos graph", () => {
  it("draws a blueprint in every format", async () => {
    expect((await dimos("graph", "robot")).stdout).toContain("Robot");
    expect((await dimos("graph", "robot", "--format", "mermaid")).stdout).toMatch(/^flowchart /);
    expect((await dimos("graph", "robot", "--format", "dot")).stdout).toMatch(/^digraph /);
    expect(JSON.parse((await dimos("graph", "robot", "good", "--json")).stdout).modules).toHaveLength(3);
    expect(await dimos("graph", "robot", "--format", "png")).toMatchObject({ exitCode: 2 });
  });
});

describe("dimos top", () => {
  it("measures each process and module of a run, in a table and as JSON", async () => {
    const { pid } = await daemon("robot");
    const { exitCode, stdout } = await dimos("top", "--once");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^robot {2}healthy {2}up \d+ s\nPROCESS +PID +CPU +MEMORY +LOOP +CALLS\/S {2}OUT\/S {2}IN\/S {2}DROPS\/S\ncoordinator +\d+ +\d+\.\d % +\d+ MiB +-\nworker-1 +\d+ +\d+\.\d % +\d+ MiB +\d+\.\d ms\n {2}Robot +0\.0 +\d+\.\d +0\.0 +0\.0\n$/,
    );
    const top = JSON.parse((await dimos("top", "--once", "--json")).stdout);
    const [coordinator, worker] = top.processes;
    expect(coordinator).toMatchObject({ name: "coordinator", pid, modules: [] });
    expect(worker).toMatchObject({
      name: "worker-1",
      rssBytes: expect.any(Number),
      cpuPercent: expect.any(Number),
      loopDelayMs: expect.any(Number),
      modules: [{ instance: "Robot", callsPerSecond: 0, deliveredPerSecond: 0 }],
    });
    // It publishes every 20 ms.
    expect(worker.modules[0].publishedPerSecond).toBeGreaterThan(10);
    expect(worker.modules[0].publishedPerSecond).toBeLessThan(60);
    const lines = new Command(["top"]);
    await expect.poll(() => lines.stdout.match(/^robot /gm)?.length, PATIENT).toBeGreaterThan(1);
    expect(lines.stdout).not.toContain("\u001b");
    await dimos("stop");
    expect(await lines.finished()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("is not running") });
  });
});

describe("dimos shell and top", () => {
  it("refuse a pipe, and a system that is not there, with a sentence", async () => {
    expect(await dimos("shell")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("at a terminal") });
    expect(await dimos("top")).toMatchObject({ exitCode: 3 });
  });
});

it.each([[["--version"]], [["complete", "--", "st"]]])(
  "%j imports no package that it does not use (H9)",
  async (args) => {
    const directory = mkdtempSync(join(tmpdir(), "dimos-coverage-"));
    await new Command(args, { env: { NODE_V8_COVERAGE: directory } }).finished();
    const reports = readdirSync(directory).map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")));
    rmSync(directory, { recursive: true });
    const urls: string[] = reports.flatMap(({ result }) => result.map(({ url }: { url: string }) => url));
    const packages = new Set(urls.filter((url) => url.startsWith("file:")).map(packageOf));
    expect([...packages].sort()).toEqual(["cli", "commander"]);
  },
);

function packageOf(url: string): string | undefined {
  return /\/(cli)\/(?:bin|dist)\/|.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//
    .exec(url)
    ?.slice(1)
    .find((name) => name !== undefined);
}
