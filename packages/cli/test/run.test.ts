import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Command, dimos } from "./command.ts";

describe("dimos run", () => {
  it("runs until Ctrl-C, then nothing of it is left and the exit code says so", async () => {
    const run = new Command(["run", "good"]);
    await run.says("Running good: 2 modules in 2 processes. Ctrl-C stops.");
    expect(run.processes()).toHaveLength(3);
    run.child.kill("SIGINT");
    expect((await run.finished()).exitCode).toBe(130);
    expect(run.processes()).toEqual([]);
  });

  it("is ended by SIGTERM as well (H3)", async () => {
    const run = new Command(["run", "good", "--n-workers", "0"]);
    await run.says("Running good: 2 modules in 1 process.");
    run.child.kill("SIGTERM");
    expect((await run.finished()).exitCode).toBe(143);
  });

  it("ends in order when nobody reads what it says, and by SIGHUP", async () => {
    const run = new Command(["run", "good"]);
    await run.says("Running good");
    run.child.stderr?.destroy();
    run.child.kill("SIGHUP");
    await new Promise((resolve) => setTimeout(resolve, 50));
    run.child.kill("SIGHUP");
    await run.finished();
    expect(run.child.signalCode).toBe("SIGHUP");
    const [report] = JSON.parse((await dimos("status", "good", "--json")).stdout);
    expect(report).toMatchObject({ state: "stopped", reason: "asked to" });
  });

  it("leaves nothing when it is interrupted while starting (H1)", async () => {
    const run = new Command(["run", "never-starts"]);
    await run.says("starting for ever");
    run.child.kill("SIGINT");
    expect((await run.finished()).exitCode).toBe(130);
    expect(run.processes()).toEqual([]);
  });

  it("names module, phase and cause when a module throws in start, and leaves nothing (H1)", async () => {
    const run = new Command(["run", "breaks"]);
    const { exitCode, stdout, stderr } = await run.finished();
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("Error: Breaks failed to start: the lidar does not answer\n");
    expect(run.processes()).toEqual([]);
  });

  it("names file and line when a module's file has a syntax error", async () => {
    const directory = mkdtempSync(join(tmpdir(), "dimos-cli-"));
    const file = join(directory, "misspelt.ts");
    writeFileSync(file, "// first line\nexport class Misspelt extends {{\n");
    const run = new Command(["run", "syntax-error"], { env: { TEST_BROKEN_FILE: file } });
    const { exitCode, stderr } = await run.finished();
    rmSync(directory, { recursive: true });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /Error: Misspelt failed to deploy: Misspelt cannot be imported from .*misspelt\.ts: .*misspelt\.ts:2/s,
    );
  });

  it("suggests a name for one that is unknown, and exits with 2 (G3)", async () => {
    expect(await dimos("run", "goood")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: 'Error: Unknown blueprint or module: "goood". Did you mean: good?\n',
    });
  });

  it("leaves no worker behind when it is killed (E4)", async () => {
    const run = new Command(["run", "good"]);
    await run.says("Running good");
    run.child.kill("SIGKILL");
    await run.finished();
    await expect.poll(() => run.processes(), { timeout: 1000 }).toEqual([]);
  });
});

describe("settings of dimos run (H8)", () => {
  async function configOf(...flags: string[]) {
    const run = new Command(["run", "talker", "--n-workers=0", ...flags]);
    await run.says("Running talker");
    run.child.kill("SIGINT");
    const { stderr } = await run.finished();
    return JSON.parse(/config (\{.*\})/.exec(stderr)?.[1] ?? "null");
  }

  it("are flags in every form, the last one wins", async () => {
    expect(
      await configOf("--gain", "-2.5", "--no-loud", "--words", '["a","b"]', "--map-file=x", "--map-file", "y"),
    ).toEqual({
      gain: -2.5,
      loud: false,
      words: ["a", "b"],
      mapFile: "y",
    });
    expect(await configOf("--talker.gain=3", "--loud")).toEqual({
      gain: 3,
      loud: true,
      words: [],
      mapFile: "office.yaml",
    });
  });

  it.each([
    [
      ["good", "--map-file", "x"],
      "Error: Option --map-file is ambiguous. Use one of: --talker.map-file, --second.map-file\n",
    ],
    [["talker", "--gian", "1"], 'Error: There is no option --gian. Did you mean "--gain"?\n'],
    [["talker", "--tokn=hunter2"], 'Error: There is no option --tokn. Did you mean "--token"?\n'],
    [["talker", "--zzzzzz"], 'Error: There is no option --zzzzzz. "dimos run talker --help" lists them\n'],
    [["talker", "-x"], 'Error: There is no option -x. "dimos run talker --help" lists them\n'],
    [
      ["talker", "--name", " "],
      'Error: --name takes a name of at most 64 letters, digits, dots, dashes and underscores that begins with a letter or digit, got " "\n',
    ],
    [
      ["--daemon", "talker"],
      'Error: Say what to run first: dimos run <name> --daemon. "dimos list" shows what there is\n',
    ],
    [["talker", "--gain", "loud"], 'Error: --gain takes a value of type number, got "loud"\n'],
    [
      ["talker", "--n-workers", "-1"],
      'Error: Setting "nWorkers" (from --n-workers): Too small: expected number to be >=0\n',
    ],
    [["talker", "--gain"], "Error: option '--gain <value>' argument missing\n"],
    [["talker", "--gain", "1", "good"], 'Error: Unexpected "good": put the names before the settings\n'],
  ])("that are wrong are refused before anything starts: %j", async (args, stderr) => {
    expect(await dimos("run", ...args)).toEqual({ exitCode: 2, stdout: "", stderr });
  });

  it("are listed by --help with types and defaults, and nothing is started", async () => {
    const { exitCode, stdout } = await dimos("run", "talker", "--help");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Settings of Talker:");
    expect(stdout).toMatch(/--gain <value> +how loud \(number, default 1\)/);
  });
});

describe("dimos", () => {
  it("lists blueprints with their descriptions and imports none of them (G1)", async () => {
    const { exitCode, stdout } = await dimos("list");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^good +cli-test-project +Two modules that work$/m);
    expect(stdout).toMatch(/^explodes +cli-test-project +Ends the process when it is imported$/m);
    expect(stdout).not.toContain("Talker");
    const json = JSON.parse((await dimos("list", "--json", "--modules")).stdout);
    expect(json.find((entry: { name: string }) => entry.name === "Talker")).toMatchObject({
      kind: "module",
      own: true,
    });
  });

  it("says its version and its commands, and refuses what it does not know", async () => {
    expect(await dimos("--version")).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect((await dimos("--help")).stdout).toMatch(/ run .*(.|\n)* list /);
    expect(await dimos("lsit")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Did you mean list?") });
    expect(await dimos("run")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Say what to run: dimos run <name>"),
    });
  });
});

describe("the help of a command", () => {
  it("says what the command does, and is the same as dimos help COMMAND", async () => {
    const { stdout } = await dimos("stop", "--help");
    expect(stdout).toMatch(/^Usage: dimos stop .*\n\nstop a run, and return when nothing of it is left\n/);
    expect((await dimos("help", "run", "talker")).stdout).toBe((await dimos("run", "talker", "--help")).stdout);
    expect((await dimos("help", "topic", "hz")).stdout).toBe((await dimos("topic", "hz", "--help")).stdout);
  });

  it.each([["status"], ["stop"], ["estop"], ["log"], ["restart"], ["mcp", "stdio"], ["skill", "list"]])(
    "%s takes the run as --run",
    async (...command) => {
      const nope = { exitCode: 4, stdout: "", stderr: 'Error: There is no run "nope".\n' };
      expect(await dimos(...command, "--run", "nope")).toEqual(nope);
    },
  );
});

const systemNode = olderNode();

it.runIf(systemNode !== undefined)("finds a newer Node in the project, or says what is needed", async () => {
  const project = await new Command(["--version"], { node: systemNode as string }).finished();
  expect(project).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  const without = new Command(["--version"], { node: systemNode as string, env: { DIMOS_NODE_TRIED: "1" } });
  expect(await without.finished()).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("dimos needs Node 22.18 or newer"),
  });
});

/** A Node on this machine that is too old for dimos. */
function olderNode(): string | undefined {
  const found = execFileSync("which", ["-a", "node"], { encoding: "utf8" }).trim().split("\n");
  return found.find((path) => /^v(1\d|20|21)\./.test(execFileSync(path, ["--version"], { encoding: "utf8" })));
}
