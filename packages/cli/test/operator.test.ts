import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Command, DIMOS, dimos, PROJECT, state } from "./command.ts";
import { daemon, isThere, PATIENT, stopAll } from "./daemons.ts";

// Each test starts many processes; a loaded machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

afterEach(stopAll);

async function reportOf(name: string) {
  const [report] = JSON.parse((await dimos("status", name, "--json")).stdout);
  return report;
}

describe("Ctrl-C in the foreground", () => {
  it("once while it starts: nothing is left, and the run is recorded as interrupted, not as crashed (H1)", async () => {
    const run = new Command(["run", "never-starts"]);
    await run.says("starting for ever");
    run.child.kill("SIGINT");
    const { exitCode, stderr } = await run.finished();
    expect([exitCode, stderr]).toEqual([
      130,
      expect.stringContaining("Error: never-starts was interrupted while it started; nothing of it is left\n"),
    ]);
    expect(run.processes()).toEqual([]);
    expect(await reportOf("never-starts")).toMatchObject({
      state: "stopped",
      reason: "interrupted while starting: SIGINT",
    });
    expect((await dimos("status")).stdout).toBe("No running dimos. Start one with: dimos run <blueprint>\n");
  });

  it("twice, when a module does not stop: it ends at once, says why in its file, and nothing is left", async () => {
    const run = new Command(["run", "stubborn"]);
    await run.says("Running stubborn");
    run.child.kill("SIGINT");
    await run.says("Stopping");
    run.child.kill("SIGINT");
    expect((await run.finished()).exitCode).toBe(130);
    expect(await reportOf("stubborn")).toMatchObject({
      state: "stopped",
      reason: "ended at once by a second signal (SIGINT)",
    });
    await expect.poll(() => run.processes(), PATIENT).toEqual([]);
  });

  it("told to all its processes, of which an older Node passes it on: that is one signal, and the end is orderly (H1)", async () => {
    const run = new Command(["run", "stubborn"], { env: { DIMOS_NODE_TRIED: "1" } });
    await run.says("Running stubborn");
    run.child.kill("SIGTERM");
    await run.says("Stopping");
    run.child.kill("SIGTERM");
    await expect.poll(async () => (await reportOf("stubborn")).state, PATIENT).toBe("stopping");
    run.child.kill("SIGINT");
    expect((await run.finished()).exitCode).toBe(130);
    expect((await reportOf("stubborn")).reason).toMatch(/^ended at once by a second signal/);
    await expect.poll(() => run.processes(), PATIENT).toEqual([]);
  });

  it("while a daemon starts: the starter says so, and nothing is left", async () => {
    const run = new Command(["run", "never-starts", "--daemon"]);
    await expect.poll(async () => (await dimos("status")).stdout, PATIENT).toContain("NeverStarts starting");
    run.child.kill("SIGINT");
    expect(await run.finished()).toMatchObject({
      exitCode: 130,
      stderr: expect.stringMatching(
        /^Error: never-starts was interrupted while it started; nothing of it is left\nIts log: /,
      ),
    });
    expect((await reportOf("never-starts")).reason).toBe("interrupted while starting: SIGINT");
    await expect.poll(() => run.processes(), PATIENT).toEqual([]);
  });
});

describe("Ctrl-C in dimos stop", () => {
  it("while the run is still ending: says what becomes of it, and how to end it at once (H3)", async () => {
    const { run } = await daemon("stubborn");
    const stopping = new Command(["stop"]);
    await expect.poll(async () => (await reportOf("stubborn")).state, PATIENT).toBe("stopping");
    stopping.child.kill("SIGINT");
    expect(await stopping.finished()).toEqual({
      exitCode: 130,
      stdout: "",
      stderr: `Error: stubborn (${run}) was told to stop and is still at it: "dimos status" shows it, "dimos stop --force" kills it\n`,
    });
    expect((await dimos("stop", "--force")).stderr).toBe(`Killed stubborn (${run})\n`);
    // It prints this when a signal tells it to stop.
    expect((await dimos("log", run)).stdout).not.toContain("output: Stopping");
  });
});

describe("a daemon that was killed with -9", () => {
  it("is crashed in status, readable in log, and can be run again under its name (H2, H6)", async () => {
    const first = await daemon("good", "--name", "rover");
    process.kill(first.pid, "SIGKILL");
    await expect.poll(() => isThere(first.pid), PATIENT).toBe(false);
    expect(await reportOf("rover")).toMatchObject({ state: "crashed", reason: expect.stringContaining("killed") });
    expect((await dimos("log", "rover")).stdout).toContain("Loaded Talker, Second in ");
    const second = await daemon("good", "--name", "rover");
    expect(await reportOf("rover")).toMatchObject({ runId: second.run, state: "running", health: "healthy" });
    expect((await dimos("log", first.run)).stdout).toContain("Loaded Talker, Second in ");
  });
});

describe("a worker that is killed with -9 while the run starts", () => {
  it.each([["--daemon"], ["--log-level=info"]])(
    "ends the start with its name, exit 1, and nothing is left: %s (H1, E2)",
    async (mode) => {
      const run = new Command(["run", "never-starts", mode]);
      await expect.poll(async () => (await dimos("status")).stdout, PATIENT).toContain("NeverStarts starting");
      const { workers, modules } = await reportOf("never-starts");
      const { worker } = modules.find((module: { instance: string }) => module.instance === "NeverStarts");
      process.kill(workers.find(({ name }: { name: string }) => name === worker).pid, "SIGKILL");
      const reason = `NeverStarts failed to start: Worker ${worker} was ended by SIGKILL`;
      expect(await run.finished()).toMatchObject({
        exitCode: 1,
        stdout: "",
        stderr: expect.stringContaining(`Error: ${reason}\n`),
      });
      expect(await reportOf("never-starts")).toMatchObject({ state: "failed", reason });
      await expect.poll(() => run.processes(), PATIENT).toEqual([]);
    },
  );
});

describe("a daemon of which something is left", () => {
  it("because its reaper was killed as well: stop --force ends that", async () => {
    const { pid, run } = await daemon("talker", "--name", "left");
    const worker = (await reportOf("left")).workers[0].pid;
    process.kill(worker, "SIGSTOP");
    for (const reaper of reapersOf(run)) process.kill(reaper, "SIGKILL");
    process.kill(pid, "SIGKILL");
    await expect.poll(() => isThere(pid), PATIENT).toBe(false);
    expect(isThere(worker)).toBe(true);
    expect((await dimos("stop", "left")).exitCode).toBe(3);
    expect(await dimos("stop", "left", "--force")).toMatchObject({ exitCode: 0, stderr: `Killed left (${run})\n` });
    expect(isThere(worker)).toBe(false);
    expect((await dimos("stop", "left", "--force")).exitCode).toBe(3);
  });

  function reapersOf(run: string): number[] {
    const found = spawnSync("pgrep", ["-f", `dimos-reaper DIMOS_RUN_ID=${run} `], { encoding: "utf8" });
    return found.stdout.split("\n").filter(Boolean).map(Number);
  }
});

describe("what is no run of ours (H5)", () => {
  const strangers: ChildProcess[] = [];

  afterEach(async () => {
    for (const stranger of strangers.splice(0)) {
      stranger.kill("SIGKILL");
      if (stranger.exitCode === null && stranger.signalCode === null) await once(stranger, "exit");
    }
  });

  /** A shell's first line, and the shell. */
  async function shell(script: string): Promise<{ stranger: ChildProcess; said: string }> {
    const stranger = spawn("/bin/sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
    strangers.push(stranger);
    const [said] = await once(stranger.stdout as NonNullable<typeof stranger.stdout>, "data");
    return { stranger, said: String(said).trim() };
  }

  /** Where field 22 of /proc/PID/stat is `startTime`. */
  function record(name: string, pid: number, startTime: string): string {
    const runId = `20260101-000000-000-${name}-0000`;
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    mkdirSync(join(state(), "runs"), { recursive: true });
    const file = join(state(), "runs", `${runId}.json`);
    writeFileSync(file, JSON.stringify({ runId, name, pid, startTime, bootId, state: "running" }));
    return file;
  }

  it("a zombie, even with the right start time, is shown as crashed and never signalled", async () => {
    const { said, stranger } = await shell("sleep 300 & echo $!; exec sleep 300");
    // From then on its parent is a program that never asks how its children ended.
    await expect.poll(() => readFileSync(`/proc/${stranger.pid}/comm`, "utf8"), PATIENT).toBe("sleep\n");
    process.kill(Number(said), "SIGKILL");
    const stat = () => readFileSync(`/proc/${said}/stat`, "utf8");
    await expect.poll(stat, PATIENT).toMatch(/^\d+ \(.*\) Z /);
    const startTime = stat()
      .slice(stat().lastIndexOf(")") + 2)
      .split(" ")[19] as string;
    const file = record("zombie", Number(said), startTime);
    expect(await reportOf("zombie")).toMatchObject({ state: "crashed" });
    expect((await dimos("status")).exitCode).toBe(3);
    expect((await dimos("stop", "zombie", "--force")).exitCode).toBe(3);
    expect(existsSync(file)).toBe(true);
    rmSync(file);
  });

  it("a process that got the number of a run later is never shown as running, nor signalled", async () => {
    const { stranger } = await shell("echo up; exec sleep 300");
    const file = record("reused", stranger.pid as number, "1");
    expect(await reportOf("reused")).toMatchObject({ state: "crashed" });
    for (const args of [
      ["stop", "reused", "--force"],
      ["stop", "--all", "--force"],
      ["restart", "reused"],
    ])
      expect((await dimos(...args)).exitCode).toBe(3);
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    rmSync(file);
  });
});

describe("a state directory that cannot be used", () => {
  it.each([
    ["a file stands in its place", () => join(PROJECT, "package.json")],
    ["its parent is a file", () => join(PROJECT, "package.json", "state")],
    ["it is in /proc, where nothing can be made", () => "/proc/no-such/state"],
  ])("when %s, run says what to do, in both modes, and nothing hangs", async (_title, place) => {
    const env = { DIMOS_STATE_DIR: place() };
    for (const args of [
      ["run", "good"],
      ["run", "good", "--daemon"],
    ]) {
      const { exitCode, stdout, stderr } = await new Command(args, { env }).finished();
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(
        /^Error: The state directory \S+ cannot be used: .*, or set DIMOS_STATE_DIR to a directory that this user can write\n$/,
      );
      expect(stderr).toContain(place());
    }
  });

  it("read-only: run says what to do, status and log still read it", async ({ skip }) => {
    const directory = mkdtempSync(join(tmpdir(), "dimos-read-only-"));
    if (!mount(directory, "ro,size=64k")) return skip("mounting is not permitted here");
    try {
      const env = { DIMOS_STATE_DIR: directory };
      const run = await new Command(["run", "good"], { env }).finished();
      expect(run).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(
          "cannot be used: its file system is read-only. Use a path that can be written, or",
        ),
      });
      expect((await new Command(["status"], { env }).finished()).exitCode).toBe(3);
    } finally {
      unmount(directory);
    }
  });
});

describe("a full disk for the log", () => {
  it("the run goes on and says so, stops in order, and counts what was lost once there is room", async ({ skip }) => {
    const directory = mkdtempSync(join(tmpdir(), "dimos-full-"));
    if (!mount(directory, "size=256k")) return skip("mounting is not permitted here");
    const env = { DIMOS_STATE_DIR: directory };
    const run = new Command(["run", "talker", "--name", "full"], { env });
    try {
      await run.says("Running full");
      const filler = join(directory, "filler");
      spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=1k", "count=1024"]);
      const say = (text: string) =>
        new Command(["skill", "call", "say", `text=${text}`, "level=warn"], { env }).finished();
      // The rest of the last block of the file still has room.
      await expect
        .poll(
          async () => {
            expect((await say("x".repeat(2000))).exitCode).toBe(0);
            return run.stderr;
          },
          { timeout: 30_000 },
        )
        .toMatch(
          /Lines of the log are lost, and the run goes on: .*worker-1\.jsonl cannot be written: the disk is full/,
        );
      const status = await new Command(["status"], { env }).finished();
      expect(status).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("its disk is full") });
      rmSync(filler);
      expect((await say("room again")).exitCode).toBe(0);
      const log = await new Command(["log", "-n", "2"], { env }).finished();
      expect(log.stdout).toMatch(/ \d+ log lines could not be written\n.* room again/);
      spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=1k", "count=1024"]);
      expect((await new Command(["stop"], { env }).finished()).exitCode).toBe(0);
      expect((await run.finished()).exitCode).toBe(0);
      expect(run.processes()).toEqual([]);
      // Though nothing could be written beside it, the run's own file says how it has ended.
      const [ended] = JSON.parse((await new Command(["status", "full", "--json"], { env }).finished()).stdout);
      expect(ended).toMatchObject({ state: "stopped", reason: "asked to" });
    } finally {
      run.child.kill("SIGKILL");
      await run.finished();
      unmount(directory);
    }
  });
});

describe("output that nobody reads, or that has no room", () => {
  it("`dimos log | head` and a closed pipe are quiet", async () => {
    await daemon("good");
    const pipe = `"$0" "$1" log -a | head -n 1; echo "\${PIPESTATUS[@]}"`;
    const piped = spawnSync("bash", ["-c", pipe, process.execPath, DIMOS], { cwd: PROJECT, encoding: "utf8" });
    expect([piped.stdout, piped.stderr]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d\n0 0\n$/), ""]);
    for (const args of [["status"], ["list"], ["topic", "list"], ["--help"], ["graph", "good"]]) {
      const command = new Command(args);
      command.child.stdout?.destroy();
      expect(await command.finished()).toMatchObject({ exitCode: 0, stderr: "" });
    }
  });

  it("a full disk for the output is an error in one line", async () => {
    for (const args of ["list", "--version"]) {
      const script = `"$0" "$1" ${args} > /dev/full`;
      const full = spawnSync("bash", ["-c", script, process.execPath, DIMOS], { cwd: PROJECT, encoding: "utf8" });
      expect([full.status, full.stderr]).toEqual([
        1,
        expect.stringMatching(/^Error: The output cannot be written: ENOSPC.*\n$/),
      ]);
    }
  });

  it("colours are for terminals, and for nobody who says NO_COLOR", async () => {
    await daemon("good");
    const onTerminal = (env: NodeJS.ProcessEnv) =>
      spawnSync("script", ["-qec", `${process.execPath} ${DIMOS} status`, "/dev/null"], {
        cwd: PROJECT,
        encoding: "utf8",
        env: { ...process.env, TERM: "xterm", ...env },
      }).stdout;
    expect(onTerminal({})).toContain("\u001b[32mrunning\u001b[39m");
    expect(onTerminal({ NO_COLOR: "1" })).toMatch(/^good {2}running {2}pid/);
    expect(onTerminal({ NO_COLOR: "1" })).not.toContain("\u001b");
    expect((await dimos("status")).stdout).not.toContain("\u001b");
  });
});

/** A small file system of its own; false where that is not permitted. */
function mount(directory: string, options: string): boolean {
  return spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", directory]).status === 0;
}

function unmount(directory: string): void {
  spawnSync("umount", ["--lazy", directory]);
  rmSync(directory, { recursive: true, force: true });
}
