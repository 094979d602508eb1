import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { DIMOS, PROJECT, state } from "./command.ts";
import { daemon, PATIENT, stopAll } from "./daemons.ts";

// Each test starts many processes; a loaded machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

const hasTerminals = spawnSync("script", ["--version"]).status === 0;

beforeAll(async () => {
  await daemon("robot");
});

afterAll(stopAll);

/** The command in a terminal of its own, which `script` provides. */
class Terminal {
  readonly child: ChildProcess;
  #text = "";

  constructor(args: readonly string[]) {
    const command = ["stty rows 30 cols 120;", process.execPath, DIMOS, ...args].join(" ");
    const env = { ...process.env, TERM: "xterm", NO_COLOR: "1" };
    this.child = spawn("script", ["-qec", command, "/dev/null"], {
      cwd: PROJECT,
      env,
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.child.stdout?.on("data", (chunk) => {
      this.#text += chunk;
    });
  }

  /** Types, and waits for what then stands on the terminal. */
  async type(keys: string, shows: string | RegExp): Promise<void> {
    // What came before the first key counts as well: nothing was typed yet.
    const seen = keys === "" ? 0 : this.#text.length;
    // A Tab that comes with other keys is pasted text.
    for (const part of keys.split(/(?=\t)/)) {
      this.child.stdin?.write(part);
      if (part !== keys) await this.#echo(part);
    }
    const since = () => stripVTControlCharacters(this.#text.slice(seen)).replaceAll("\r", "");
    await expect.poll(since, PATIENT)[typeof shows === "string" ? "toContain" : "toMatch"](shows as string & RegExp);
  }

  async #echo(part: string): Promise<void> {
    if (!part.startsWith("\t")) await expect.poll(() => stripVTControlCharacters(this.#text), PATIENT).toContain(part);
  }

  async exitCode(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, "close");
    return this.child.exitCode;
  }
}

it.runIf(hasTerminals)(
  "dimos shell awaits at the top, completes modules, skills and arguments, and keeps its history",
  async () => {
    const shell = new Terminal(["shell"]);
    await shell.type("", "dimos> ");
    await shell.type("await app.skills.move({ forward: 2 })\n", "{ status: 'reached', moved: 2 }");
    await shell.type("await Ro\t", "await Robot");
    await shell.type(".ad\t", ".add");
    await shell.type("(20, 22)\n", /\n42\n/);
    await shell.type("await skills.mo\t", "skills.move");
    await shell.type("({ for\t", "({ forward: ");
    await shell.type("3 })\n", "moved: 3 }");
    await shell.type("await skills.mvoe({})\n", 'No skill named "mvoe". Did you mean "move"?');
    shell.child.stdin?.write("\u0004");
    expect(await shell.exitCode()).toBe(0);
    expect(readFileSync(join(state(), "shell-history"), "utf8")).toContain("await Robot.add(20, 22)\n");
    const again = new Terminal(["shell"]);
    await again.type("", "dimos> ");
    // The key that brings back the line before.
    await again.type("\u001b[A", "await skills.mvoe({})");
    await again.type("\u001b[A\u001b[A\n", /\n42\n/);
    again.child.stdin?.write("\u0004");
    expect(await again.exitCode()).toBe(0);
  },
);

it.runIf(hasTerminals)("top draws in place on a screen of its own, and leaves the last drawing behind", async () => {
  const top = new Terminal(["top"]);
  await top.type("", /robot {2}healthy(.|\n)*robot {2}healthy/);
  await top.type("\u0003", /robot {2}healthy {2}up/);
  expect(await top.exitCode()).toBe(130);
});
