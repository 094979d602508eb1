import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const DIMOS = fileURLToPath(new URL("../bin/dimos.js", import.meta.url));
export const PROJECT = fileURLToPath(new URL("./project", import.meta.url));

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command under way, with everything it has printed so far. */
export class Command {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  readonly #mark = randomUUID();

  constructor(
    args: readonly string[],
    options: { readonly node?: string; readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
  ) {
    this.child = spawn(options.node ?? process.execPath, [DIMOS, ...args], {
      cwd: options.cwd ?? PROJECT,
      env: { ...process.env, NODE_OPTIONS: "", DIMOS_TEST_MARK: this.#mark, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
  }

  async finished(): Promise<Finished> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "close");
    return { exitCode: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  /** Waits until the command has said this on standard error. */
  async says(text: string): Promise<void> {
    while (!this.stderr.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`The command ended without saying "${text}": ${this.stderr}`);
      await Promise.race([once(this.child.stderr as NodeJS.ReadableStream, "data"), once(this.child, "close")]);
    }
  }

  /** Process ids of the command and of everything it started that is alive. */
  processes(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && carries(name, this.#mark))
      .map(Number);
  }
}

export async function dimos(...args: string[]): Promise<Finished> {
  return new Command(args).finished();
}

function carries(pid: string, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark);
  } catch {
    return false;
  }
}

/** State directory of this test file. */
export function state(): string {
  return process.env.DIMOS_STATE_DIR as string;
}
