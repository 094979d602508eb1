import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect } from "vitest";

/** The sources of the command. */
export const DIMOS = fileURLToPath(import.meta.resolve("@dimos/cli/package.json")).replace(
  "package.json",
  "src/main.ts",
);

/** The `dimos` command, from its sources, in a terminal of its own that `script` provides. */
export class Terminal {
  readonly child: ChildProcess;
  #text = "";

  constructor(args: readonly string[]) {
    const command = [process.execPath, "--conditions=@dimos/source", DIMOS, ...args]
      .map((word) => `'${word}'`)
      .join(" ");
    const env = { ...process.env, TERM: "xterm", NO_COLOR: "1" };
    this.child = spawn("script", ["-qec", command, "/dev/null"], { env, stdio: ["pipe", "pipe", "ignore"] });
    this.child.stdout?.on("data", (chunk) => {
      this.#text += chunk;
    });
  }

  /** All that it has shown. */
  get text(): string {
    return stripVTControlCharacters(this.#text).replaceAll("\r", "");
  }

  press(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Presses keys, and waits for what is shown after that. */
  async type(keys: string, shows: RegExp): Promise<void> {
    const seen = this.text.length;
    this.press(keys);
    await this.shows(shows, seen);
  }

  async shows(what: RegExp, since = 0): Promise<void> {
    await expect.poll(() => this.text.slice(since)).toMatch(what);
  }

  async exitCode(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, "close");
    return this.child.exitCode;
  }

  [Symbol.dispose](): void {
    // Its terminal ends with it, and a terminal that ends takes the command along.
    if (this.child.exitCode === null) this.child.kill();
  }
}
