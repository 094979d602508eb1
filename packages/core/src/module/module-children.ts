import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CLOCK_BASE_VARIABLE } from "../clock-base.ts";
import { Reaper } from "../reaper.ts";

/** Between SIGTERM and SIGKILL. */
const TERM_GRACE_MS = 1_000;

/**
 * The child processes of one module. They lead groups of their own and end with the module: asked first, then killed with
 * everything they started; at once when this process dies.
 */
export class ModuleChildren implements AsyncDisposable {
  readonly #tag = `${randomUUID()}`;
  readonly #running = new Set<ChildProcess>();
  readonly #clockBaseMs: number;
  #reaper: Reaper | undefined;

  /** @param clockBaseMs of the clock that they share with the module */
  constructor(clockBaseMs: number) {
    this.#clockBaseMs = clockBaseMs;
  }

  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    // Before the first child: one that is started a moment before this process is killed must not survive it.
    this.#reaper ??= new Reaper(`DIMOS_SPAWNED_BY=${this.#tag}`, 0);
    const { DIMOS_RUN_ID } = process.env;
    const env = {
      ...(options.env ?? process.env),
      DIMOS_RUN_ID,
      DIMOS_SPAWNED_BY: this.#tag,
      [CLOCK_BASE_VARIABLE]: String(this.#clockBaseMs),
    };
    const child = spawn(command, args, { ...options, env, detached: true });
    this.#running.add(child);
    child.once("exit", () => this.#running.delete(child));
    // A child that could not be started never exits; the error is its starter's.
    if (child.pid === undefined) this.#running.delete(child);
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = [...this.#running].map((child) => new Promise((resolve) => child.once("exit", resolve)));
    for (const { pid } of this.#running) signalGroup(pid as number, "SIGTERM");
    const patience = new AbortController();
    const late = sleep(TERM_GRACE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([Promise.all(ended), late]);
    patience.abort();
    for (const { pid } of this.#running) signalGroup(pid as number, "SIGKILL");
    await this.#reaper?.reap();
  }
}

/** Only of children whose exit has not been seen: until then their pid is nobody else's. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
