import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Command, dimos, state } from "./command.ts";
import { daemon, isThere, PATIENT, stopAll } from "./daemons.ts";

afterEach(stopAll);

describe("dimos run --daemon (H1)", () => {
  it("returns when it is ready; status shows it, stop ends it and leaves nothing (H2, H3)", async () => {
    const { run, pid, log } = await daemon("good", "--name", "rover");
    expect(log).toBe(join(state(), "logs", run));
    const [report] = JSON.parse((await dimos("status", "--json")).stdout);
    expect(report).toMatchObject({ runId: run, name: "rover", pid, state: "running", health: "healthy" });
    const pids = report.modules.map((module: { pid: number }) => module.pid);
    expect(new Set(pids).size).toBe(2);
    expect((await dimos("status")).stdout).toMatch(/^rover {2}running {2}pid \d+ {2}up \d+ s\n {2}run /);
    expect(await dimos("stop")).toEqual({ exitCode: 0, stdout: "", stderr: `Stopped rover (${run})\n` });
    expect([pid, ...pids].filter(isThere)).toEqual([]);
    expect((await dimos("status")).exitCode).toBe(3);
    expect(await dimos("status", "rover")).toMatchObject({
      exitCode: 3,
      stdout: expect.stringMatching(/^rover {2}stopped {2}\d+ s ago\n(.|\n)* {2}reason asked to\n/),
    });
  });

  it("prints the error of a build that fails, and leaves nothing", async () => {
    const { exitCode, stdout, stderr } = await dimos("run", "breaks", "--daemon");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^Error: Breaks failed to start: the lidar does not answer\nIts log: .*\n$/);
    expect(await dimos("status")).toMatchObject({
      exitCode: 3,
      stdout: expect.stringMatching(/^No running dimos\. The last run, breaks .*, failed: Breaks failed to start/),
    });
    expect(await dimos("run", "goood", "--daemon")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: 'Error: Unknown blueprint or module: "goood". Did you mean: good?\n',
    });
    expect(readdirSync(join(state(), "logs")).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("gives up after --start-timeout, and when its starter is interrupted or killed", async () => {
    const late = new Command(["run", "never-starts", "--daemon", "--start-timeout", "1s"]);
    expect(await late.finished()).toMatchObject({
      exitCode: 124,
      stderr: expect.stringMatching(
        /^Error: never-starts was not up within 1 s \(--start-timeout\): it waited for [^;]+; nothing of it is left\nIts log: /,
      ),
    });
    for (const [signal, exitCode] of [
      ["SIGINT", 130],
      ["SIGKILL", null],
    ] as const) {
      const run = new Command(["run", "never-starts", "--daemon"]);
      await expect.poll(async () => (await dimos("status")).stdout, PATIENT).toContain("NeverStarts starting");
      run.child.kill(signal);
      expect((await run.finished()).exitCode).toBe(exitCode);
      await expect.poll(() => run.processes(), PATIENT).toEqual([]);
    }
  });

  it("is up, whatever the host's clock does while it starts (K2)", async () => {
    // The host's clock, set back by an hour since the process began.
    const setBack = "data:text/javascript,const%20now=Date.now;Date.now=()=>now()-3600000";
    const start = new Command(["run", "good", "--daemon"], { env: { NODE_OPTIONS: `--import=${setBack}` } });
    const { exitCode, stdout, stderr } = await start.finished();
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("Running ")]);
    const log = /^log (.+)$/m.exec(stdout)?.[1] as string;
    expect(existsSync(join(log, "output.log"))).toBe(true);
  });

  it("keeps what modules print", async () => {
    const { log } = await daemon("talker", "--n-workers", "0");
    await dimos("stop");
    expect(readFileSync(join(log, "output.log"), "utf8")).toBe("Stopped: asked to\n");
  });
});

describe("dimos status (H2)", () => {
  it("says that nothing runs", async () => {
    const env = { DIMOS_STATE_DIR: join(state(), "empty") };
    const text = await new Command(["status"], { env }).finished();
    const stdout = "No running dimos. Start one with: dimos run <blueprint>\n";
    expect(text).toEqual({ exitCode: 3, stdout, stderr: "" });
    const json = await new Command(["status", "--json"], { env }).finished();
    expect(json).toEqual({ exitCode: 3, stdout: "[]\n", stderr: "" });
    expect(await dimos("status", "nobody")).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/^Error: There is no run "nobody"\./),
    });
  });

  it("shows a run that was killed as crashed, also as the last thing that happened", async () => {
    const { run, pid } = await daemon("good", "--name", "gone");
    process.kill(pid, "SIGKILL");
    await expect.poll(() => isThere(pid), PATIENT).toBe(false);
    expect((await dimos("status")).stdout).toContain(`The last run, gone (${run}), failed: its process ${pid} ended`);
    const [report] = JSON.parse((await dimos("status", "gone", "--json")).stdout);
    expect(report).toMatchObject({ state: "crashed", reason: expect.stringContaining("killed, or it crashed") });
    expect(await dimos("stop", "gone")).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("not running") });
  });

  it("skips a file that was cut in half, and keeps it (H5)", async () => {
    const file = join(state(), "runs", "20260101-000000-000-half-0000.json");
    mkdirSync(join(state(), "runs"), { recursive: true });
    writeFileSync(file, '{"runId":"2026');
    expect(await dimos("status")).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("half-0000.json") });
    expect(existsSync(file)).toBe(true);
  });
});

describe("dimos stop (H3)", () => {
  it("refuses to choose between two runs, and stops the one that is named, or all", async () => {
    const [one] = await Promise.all([daemon("good", "--name", "one"), daemon("talker", "--name", "two")]);
    const refused = await dimos("stop");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/Several runs are alive. Say which one:(\n {2}\S+ {2}(one|two) {2}running){2}\n$/);
    expect((await dimos("stop", one.run.slice(0, -2))).exitCode).toBe(0);
    expect(JSON.parse((await dimos("status", "--json")).stdout)).toMatchObject([{ name: "two" }]);
    expect((await dimos("stop", "--all")).exitCode).toBe(0);
    expect(await dimos("stop")).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("No running dimos") });
    expect((await dimos("stop", "nobody")).exitCode).toBe(4);
  });

  it("ends a foreground run, which then exits with 0", async () => {
    const run = new Command(["run", "good"]);
    await run.says("Running good");
    expect((await dimos("stop")).exitCode).toBe(0);
    expect(await run.finished()).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("Stopped: asked to") });
  });

  it("ends a run that is starting", async () => {
    const run = new Command(["run", "never-starts", "--daemon"]);
    await expect.poll(async () => (await dimos("status")).stdout, PATIENT).toContain("NeverStarts starting");
    expect((await dimos("stop")).exitCode).toBe(0);
    expect(await run.finished()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /^Error: never-starts was stopped while it started; nothing of it is left\nIts log: /,
      ),
    });
    await expect.poll(() => run.processes(), PATIENT).toEqual([]);
  });

  it("kills with --force, and a run that hangs after the timeout, with all of its workers", async () => {
    const forced = await daemon("good", "--name", "forced");
    expect((await dimos("stop", "--force")).stderr).toBe(`Killed forced (${forced.run})\n`);
    expect(isThere(forced.pid)).toBe(false);
    expect((await dimos("status", "forced")).stdout).toContain("reason killed by dimos stop");
    const hung = await daemon("good", "--name", "hung");
    const [report] = JSON.parse((await dimos("status", "--json")).stdout);
    process.kill(hung.pid, "SIGSTOP");
    expect((await dimos("status")).stdout).toContain("unresponsive");
    expect((await dimos("stop", "--timeout", "300ms")).stderr).toBe(`Killed hung (${hung.run})\n`);
    expect(report.workers.map((worker: { pid: number }) => worker.pid).filter(isThere)).toEqual([]);
  });

  it("never signals a process that has got the number of a run (H5)", async () => {
    const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const { pid } = await daemon("good", "--name", "reused");
    const file = join(
      state(),
      "runs",
      readdirSync(join(state(), "runs")).findLast((name) => /-reused-/.test(name)) ?? "",
    );
    await dimos("stop", "--all");
    const entry = JSON.parse(readFileSync(file, "utf8"));
    expect(entry.pid).toBe(pid);
    writeFileSync(file, JSON.stringify({ ...entry, state: "running", pid: stranger.pid, exit: undefined }));
    expect((await dimos("status")).stdout).toContain("No running dimos");
    expect((await dimos("stop", "--all", "--force")).exitCode).toBe(3);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
    await once(stranger, "exit");
  });
});
