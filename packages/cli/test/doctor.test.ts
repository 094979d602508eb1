import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Command, DIMOS, dimos, PROJECT } from "./command.ts";

// Each test starts many processes; a loaded machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

interface Finding {
  readonly subject: string;
  readonly state: string;
  readonly text: string;
  readonly remedy?: string;
}

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "dimos-doctor-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What is not in order, and the exit code. */
async function sick(options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string }) {
  const { exitCode, stdout } = await new Command(["doctor", "--json"], options).finished();
  return { exitCode, findings: (JSON.parse(stdout) as Finding[]).filter((finding) => finding.state !== "ok") };
}

/** A state directory with one run's file. */
function withRun(entry: object): NodeJS.ProcessEnv {
  mkdirSync(join(directory, "runs"));
  const runId = "20260101-000000-000-old-0000";
  writeFileSync(
    join(directory, "runs", `${runId}.json`),
    JSON.stringify({ runId, pid: process.pid, startedAt: Date.now(), ...entry }),
  );
  return { DIMOS_STATE_DIR: directory };
}

describe("dimos doctor", () => {
  it("finds nothing wrong here", async () => {
    const { exitCode, stdout } = await dimos("doctor");
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^(ok {5}|warning) +Node: /)]);
    const subjects = [...stdout.matchAll(/^(?:ok|warning) +([\w ]+):/gm)].map(([, subject]) => subject);
    expect(subjects).toEqual([
      ...["Node", "State directory", "Disk", "Sockets", "Limits", "Shared memory", "Runs", "Blueprints", "Clock"],
    ]);
    const coloured = await new Command(["doctor"], { env: { FORCE_COLOR: "1" } }).finished();
    expect(coloured.stdout).toContain("\u001b[32mok\u001b[39m       Disk: ");
    const lists = [["list"], ["list", "--modules"]].map(
      async (args) => (await dimos(...args)).stdout.split("\n").length - 1,
    );
    const [blueprints, all] = (await Promise.all(lists)) as [number, number];
    expect(stdout).toContain(`Blueprints: ${blueprints} offered here, and ${all - blueprints} modules\n`);
  });

  it("finds an older Node that other programs would get", async () => {
    const node = join(directory, "node");
    writeFileSync(node, "#!/bin/sh\necho v20.20.2\n", { mode: 0o700 });
    const { exitCode, findings } = await sick({ env: { PATH: `${directory}:${process.env.PATH}` } });
    expect([exitCode, findings]).toMatchObject([
      0,
      [{ subject: "Node", state: "warning", text: expect.stringMatching(/^20\.20\.2 comes first/) }],
    ]);
    expect(findings[0]?.remedy).toContain("Install Node 22.18 or newer");
  });

  it("finds a state directory that cannot be written", async () => {
    const { exitCode, findings } = await sick({ env: { DIMOS_STATE_DIR: join(PROJECT, "package.json") } });
    expect([exitCode, findings[0]]).toMatchObject([1, { subject: "State directory", state: "wrong" }]);
    expect(findings[0]?.remedy).toContain("set DIMOS_STATE_DIR to a directory that is");
  });

  it("finds a path that is too long for sockets", async () => {
    const env = { XDG_RUNTIME_DIR: join(directory, "x".repeat(80)) };
    const { exitCode, findings } = await sick({ env });
    expect([exitCode, findings]).toMatchObject([1, [{ subject: "Sockets", state: "wrong" }]]);
    expect(findings[0]).toMatchObject({
      text: expect.stringContaining("is too long for sockets (107 bytes at most)"),
      remedy: "Set XDG_RUNTIME_DIR to a short path of yours",
    });
  });

  it("finds a low limit of open files", () => {
    const script = 'ulimit -n 256; "$0" "$1" doctor';
    const { status, stdout } = spawnSync("bash", ["-c", script, process.execPath, DIMOS], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stdout).toContain("wrong    Limits: 256 open files per process\n         Raise it: ulimit -n 4096\n");
  });

  it("finds runs that ended without a word", async () => {
    const { exitCode, findings } = await sick({ env: withRun({ pid: 2 ** 22 + 1, startTime: "1", state: "running" }) });
    expect([exitCode, findings]).toMatchObject([1, [{ subject: "Runs", state: "wrong" }]]);
    expect(findings[0]).toMatchObject({
      text: "0 alive, 1 known; ended without a word: 20260101-000000-000-old-0000",
      remedy: "See why: dimos log 20260101-000000-000-old-0000; the next dimos run tidies up after them",
    });
    const env = { DIMOS_STATE_DIR: directory };
    const run = new Command(["run", "good"], { env });
    await run.says("Running good");
    run.child.kill("SIGINT");
    await run.finished();
    expect(await sick({ env })).toEqual({ exitCode: 0, findings: [] });
    expect((await new Command(["status", "20260101-000000-000-old-0000"], { env }).finished()).stdout).toMatch(
      /old-0000 {2}failed .*(\n.*)+ended without a word/,
    );
  });

  it("finds a blueprint package that is broken", async () => {
    const dimosField = { apiVersion: 1, namespace: "broken", blueprints: { bad: { entry: 7 } } };
    writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "broken-robot", dimos: dimosField }));
    const { exitCode, findings } = await sick({ cwd: directory });
    expect([exitCode, findings]).toMatchObject([1, [{ subject: "Blueprints", state: "wrong" }]]);
    expect(findings[0]).toMatchObject({
      text: expect.stringContaining("broken-robot: "),
      remedy: "Repair or update these packages",
    });
  });

  it("finds a clock that was set back", async () => {
    const { exitCode, findings } = await sick({ env: withRun({ state: "stopped", startedAt: Date.UTC(2099, 0, 1) }) });
    expect([exitCode, findings]).toMatchObject([1, [{ subject: "Clock", state: "wrong" }]]);
    expect(findings[0]?.text).toContain("a run was started at 2099-01-01T00:00:00.000Z: it was set back");
  });

  it("finds little shared memory", ({ skip }) => {
    const script = 'mount -t tmpfs -o size=1m tmpfs /dev/shm && "$0" "$1" doctor';
    const args = ["-m", "sh", "-c", script, process.execPath, DIMOS];
    const { status, stdout } = spawnSync("unshare", args, { encoding: "utf8", cwd: PROJECT });
    if (stdout === "" || stdout === null) return skip("mounting is not permitted here");
    expect(status).toBe(0);
    expect(stdout).toMatch(/warning +Shared memory: 1 MiB of shared memory free\n +Remount it larger/);
  });
});
