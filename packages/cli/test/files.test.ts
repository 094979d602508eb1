import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Command, DIMOS, dimos, PROJECT, state } from "./command.ts";
import { stopAll } from "./daemons.ts";

vi.setConfig({ testTimeout: 120_000 });
afterAll(stopAll);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "files-"));
});

function fifo(name: string): string {
  const path = join(directory, name);
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
  return path;
}

describe("the name of a run", () => {
  it.each(["-x", "\u001b[31mred", "two\nlines"])(
    "%j is refused at once: the run could not be stopped by it, or would move the cursor",
    async (name) => {
      const { exitCode, stdout, stderr } = await dimos("run", "good", `--name=${name}`);
      expect([exitCode, stdout, stderr]).toEqual([
        2,
        "",
        `Error: --name takes a name of at most 64 letters, digits, dots, dashes and underscores that begins with a letter or digit, got ${JSON.stringify(name)}\n`,
      ]);
    },
  );

  it("that comes from a file is made to fit, and the file still means the run", async () => {
    const run = new Command(["run", "./blueprints.ts#good"]);
    await run.says("Running blueprints.ts-good");
    expect((await dimos("stop", "./blueprints.ts#good")).stderr).toMatch(/^Stopped blueprints\.ts-good \(/);
    expect((await run.finished()).exitCode).toBe(0);
  });
});

describe("a FIFO", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("as --config that nobody writes to is left at %s", async (signal, exitCode) => {
    const path = fifo(`waits-${signal}`);
    for (let time = 0; time < 5; time++) {
      const run = new Command(["run", "good", "--config", path]);
      // Somebody opens it, so that the command is known to read, and writes nothing.
      expect(spawnSync("sh", ["-c", 'exec > "$0"', path]).status).toBe(0);
      run.child.kill(signal);
      const ended = await run.finished();
      // On a machine that is very busy, the command may have given up before.
      if (ended.stderr.includes("in time")) continue;
      const stderr = `Error: Interrupted while ${path} was read; nothing was started\n`;
      expect(ended).toEqual({ exitCode, stdout: "", stderr });
      return;
    }
    expect.fail("the signal never came in time");
  });

  it("as --config that nobody writes to is given up with a sentence", async () => {
    const path = fifo("silent");
    expect(await dimos("show-config", "good", "--config", path)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `Error: Config file ${path} cannot be read: nothing was written to it in time. Write the settings to it at once, or use a file\n`,
    });
  });

  it("that the shell makes of <(...) is a config file as any other", () => {
    const script = `"$0" "$1" show-config good --config <(sleep 0.2; echo '{"nWorkers": 3}')`;
    const shown = spawnSync("bash", ["-c", script, process.execPath, DIMOS], { cwd: PROJECT, encoding: "utf8" });
    expect([shown.status, shown.stdout]).toEqual([0, expect.stringMatching(/nWorkers +3 +file \/dev\/fd\//)]);
  });

  it("among the files of runs blocks no command", async () => {
    mkdirSync(join(state(), "runs"), { recursive: true });
    const path = join(state(), "runs", "fifo.json");
    expect(spawnSync("mkfifo", [path]).status).toBe(0);
    const { exitCode, stderr } = await dimos("status");
    expect([exitCode, stderr]).toEqual([3, `Warning: ${path} is no run's file; it is left alone\n`]);
    spawnSync("rm", [path]);
  });
});

describe("a working directory that was removed", () => {
  it("is a sentence where the command needs one, and no obstacle where not", () => {
    const gone = join(directory, "gone");
    const from = (args: string) => {
      mkdirSync(gone);
      const script = `cd "$2" && rmdir "$2" && "$0" "$1" ${args}`;
      return spawnSync("bash", ["-c", script, process.execPath, DIMOS, gone], { encoding: "utf8" });
    };
    const run = from("run good");
    expect([run.status, run.stderr]).toEqual([
      1,
      "Error: The working directory of this program does not exist any more: change to one that does (cd)\n",
    ]);
    expect(from("status").status).toBe(3);
  });
});

describe("a state directory that others can write", () => {
  it("is used with a warning, and doctor names it", async () => {
    const volume = join(directory, "volume");
    mkdirSync(volume);
    chmodSync(volume, 0o777);
    const env = { DIMOS_STATE_DIR: volume };
    const run = new Command(["run", "good"], { env });
    await run.says("Running good");
    run.child.kill("SIGINT");
    const { stderr } = await run.finished();
    expect(stderr).toContain(
      `warn  Other users can write to ${volume}, and put runs of theirs in the place of yours: chmod go-w ${volume}, or`,
    );
    expect(stderr.match(/Other users/g)).toHaveLength(1);
    const doctor = await new Command(["doctor"], { env }).finished();
    expect(doctor.stdout).toMatch(/^warning +State directory: Other users can write to .*\n +chmod go-w /m);
  });
});

describe("dimos stop (H3)", () => {
  it("exits with 1 and names the process where one survives even SIGKILL", ({ skip }) => {
    const own = join(directory, "survivor");
    mkdirSync(join(own, "runs"), { recursive: true });
    chmodSync(join(own, "runs"), 0o700);
    const runId = "20300101-000000-000-survivor-0000";
    const entry = { runId, name: "survivor", pid: 2 ** 22 + 1, startTime: "1", state: "running", startedAt: 1 };
    writeFileSync(join(own, "runs", `${runId}.json`), JSON.stringify(entry));
    // The first process of a process namespace is the only one that takes no SIGKILL from inside of it.
    const inside = `"$0" "$1" stop survivor --force --timeout 1s; exit $?`;
    const args = ["-rpf", "--mount-proc", "bash", "-c", inside, process.execPath, DIMOS];
    const env = { ...process.env, DIMOS_STATE_DIR: own, DIMOS_RUN_ID: runId };
    const stopped = spawnSync("unshare", args, { cwd: PROJECT, encoding: "utf8", env });
    if (/unshare failed|Operation not permitted|ENOENT/.test(`${stopped.stderr}${stopped.error}`))
      return skip("namespaces are not permitted here");
    expect([stopped.status, stopped.stdout, stopped.stderr]).toEqual([
      1,
      "",
      `Error: survivor (${runId}) is not gone: process 1 survived SIGKILL\n`,
    ]);
  });
});
