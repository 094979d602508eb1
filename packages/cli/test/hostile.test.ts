import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { printable } from "@dimos/rpc";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Command } from "./command.ts";
import { stopAll } from "./daemons.ts";
import { FORGED, FORGED_WHOLE } from "./hostile-project/forged.ts";
import { Pty } from "./pty.ts";

// Each test starts many processes; a loaded machine may take its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const HERE = fileURLToPath(new URL("./hostile-project", import.meta.url));
const hasTerminals = spawnSync("script", ["--version"]).status === 0;

/** What the command itself writes to a terminal: colours, the begin of a line that is written over, the screen of `top`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OWN = /\x1b\[(?:1|2|22|3[1236]|39)m|\r\x1b\[2K/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Characters that a terminal obeys, and lines that pass for one that the command has not written. */
function wrongIn(text: string) {
  const rest = text.replace(OWN, "");
  return {
    controls: [...new Set(rest.match(CONTROLS))].map(printable),
    forged: rest.split("\n").filter((line) => line.startsWith("12:00:00,000Z")),
  };
}

/** Vitest prints titles as they are. */
function titled(rows: readonly (readonly [args: readonly string[], shows: string])[]) {
  return rows.map(([args, shows]) => [printable(args.join(" ")), args, shows] as const);
}

const RIGHT = { controls: [], forged: [] };

/** The foreground run that every command is asked about. */
let run: Pty;

describe.runIf(hasTerminals)("K9 a robot whose every text is hostile, on a terminal", () => {
  beforeAll(async () => {
    run = new Pty(["run", "hostile", "--name", "hostile"], HERE);
    await run.shows("Running hostile");
  });

  afterAll(async () => {
    run[Symbol.dispose]();
    await stopAll();
  });

  it.concurrent.each(
    titled([
      [["list", "--modules"], "A robot"],
      [["show-config", "hostile"], "loud"],
      [["run", "hostile", "--help"], "how loud"],
      [["graph", "hostile"], "tock"],
      [["graph", "hostile", "--format", "dot"], "Lidar"],
      [["status"], "Lidar"],
      [["module", "list"], "Lidar"],
      [["module", "describe", "Hostile"], "tock"],
      [["skill", "list"], "Looks."],
      [["skill", "call", "look", `at=x${FORGED}`], "seen"],
      [["skill", "call", `loo${FORGED}`], "No skill named"],
      [["call", "Hostile.tell"], "result"],
      [["call", "Hostile.fail"], "failure"],
      [["call", `Hostile.sa${FORGED}`], "sa"],
      [["get", "Hostile.attribute"], "value"],
      [["get", `Hostile.tex${FORGED}`], "tex"],
      [["topic", "list"], "tock"],
      [["topic", "echo", "tick", "-n", "1"], "tick"],
      [["topic", "pub", `tic${FORGED}`, "{}"], "tic"],
      [["log", "-a"], "message"],
      [["log", "--grep", `(${FORGED}`], "regular expression"],
      [["top", "--once"], "Lidar"],
      [["doctor"], "State directory"],
      [["lis", FORGED], "unknown command"],
      [["list", `--modul${FORGED}`], "unknown option"],
      [["run", `hostil${FORGED}`], "Unknown blueprint"],
      [["run", "hostile", `--volum${FORGED}`], "There is no option"],
      [["restart", "--module", `Nobody${FORGED}`], "Nobody"],
      [["complete", "--", "call", ""], "Hostile.say"],
    ]),
  )("%s writes nothing but what it means to", async (_title, args, shows) => {
    using command = new Pty(args, HERE);
    const text = await command.finished();
    expect(text).toContain(shows);
    expect(wrongIn(text)).toEqual(RIGHT);
  });

  it.each(
    titled([
      [["estop", "--reason", `because${FORGED}`], "because"],
      [["status", "--run", "hostile"], "because"],
      [["estop", "--reset"], "reset"],
    ]),
  )("%s, one after the other, writes nothing but what it means to", async (_title, args, shows) => {
    using command = new Pty(args, HERE);
    const text = await command.finished();
    expect(text).toContain(shows);
    expect(wrongIn(text)).toEqual(RIGHT);
  });

  it.each<readonly [args: readonly string[], exact: (value: never) => unknown, is: unknown]>([
    [["call", "Hostile.say", "--json"], (value) => value, `result${FORGED}`],
    [["get", "Hostile.attribute", "--json"], (value) => value, { [`key${FORGED_WHOLE}`]: `value${FORGED}` }],
    [["skill", "list", "--json"], ([{ description }]: [{ description: string }]) => description, `Looks.${FORGED}`],
    [["list", "--json"], ([{ description }]: [{ description: string }]) => description, `A robot${FORGED_WHOLE}`],
  ])("%j tells every character exactly, and is printable", async (args, exact, is) => {
    using command = new Pty(args, HERE);
    const text = await command.finished();
    expect(exact(JSON.parse(text.replace(OWN, "")) as never)).toEqual(is);
    expect(wrongIn(text)).toEqual(RIGHT);
  });

  it("call Hostile.say shows the lines of a text, and obeys none of it", async () => {
    using command = new Pty(["call", "Hostile.say"], HERE);
    const text = await command.finished();
    expect(wrongIn(text).controls).toEqual([]);
    expect(text.replace(OWN, "").split("\n")).toEqual(["result", expect.stringMatching(/^12:00:00.*\\r\\x1b/), ""]);
  });

  it("a line of the log as JSON tells its message exactly", async () => {
    using command = new Pty(["log", "--json", "--module", "Hostile", "-a"], HERE);
    const lines = (await command.finished()).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).msg)).toContain(`message${FORGED}`);
    expect(wrongIn(lines.join("\n"))).toEqual(RIGHT);
  });

  it("the shell shows results, errors and Tab without obeying them", async () => {
    using shell = new Pty(["shell"], HERE);
    await shell.shows("dimos> ");
    const answers = async (line: string, shows: string) => {
      const seen = shell.text.length;
      shell.press(line);
      await shell.shows(shows, seen);
      return shell.text.slice(seen).split("\n").slice(1).join("\n");
    };
    const shown = [
      await answers("await app.Hostile.say()\n", "result"),
      await answers("await app.Hostile.fail()\n", "because: cause"),
      await answers("[await app.Hostile.fail().catch(e => e)]\n", "failure"),
      await answers("app.skills\n", "Looks."),
      await answers("app\n", "<Dimos"),
    ].join("\n");
    // What Node's own prompt writes, and no colour of it is among what is forged.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const rest = shown.replace(/\x1b\[(?:\d+G|0J|\?2004[hl]|(?:[0-9]|3\d|2\d)m)/g, "").replaceAll("\r", "");
    expect(wrongIn(rest)).toEqual(RIGHT);
    shell.press("\x04");
    await shell.finished();
  });

  it("what runs in the foreground logs without being obeyed, and is the only one to begin lines", async () => {
    expect(run.text).toContain("message");
    expect(run.text).toContain("cause");
    expect(wrongIn(run.text)).toEqual(RIGHT);
  });

  it("bash runs nothing that stands in the name of a method when Tab is pressed", async () => {
    const { stdout: script } = await new Command(["completion", "bash"], { cwd: HERE }).finished();
    const bash = spawnSync(
      "bash",
      [
        "--norc",
        "-c",
        `dimos() { printf '%s\\n' 'a$(touch forged)' 'b c'; }; ${script}\nCOMP_WORDS=(dimos call ''); COMP_CWORD=2; _dimos; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ],
      { cwd: HERE, encoding: "utf8" },
    );
    expect(bash.stdout).toBe("a\\$\\(touch\\ forged\\)\nb\\ c\n");
    expect(existsSync(join(HERE, "forged"))).toBe(false);
  });
});
