import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 1_000;
/** The load average of a minute needs so long to follow. */
const PATIENCE_MS = 8 * 60_000;
const NEARLY = 0.5;

/** The load average of the last minute, as `uptime` shows it. */
export function loadNow(): number {
  return loadavg()[0] as number;
}

/** Resolves when the load is under `bound`; rejects with a sentence when it is not, for minutes. */
export async function untilUnder(bound: number, tell: (text: string) => void): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (let told = -1; loadNow() >= bound; await sleep(LOOK_MS)) {
    if (performance.now() > deadlineMs)
      throw new Error(
        `The load is ${loadNow().toFixed(1)}, and was not under ${bound} for ${PATIENCE_MS / 60_000} minutes. ` +
          "End what runs beside, and go on with --continue; or measure without bounds with --any-load.",
      );
    const load = Math.round(loadNow());
    if (load !== told) tell(`waiting for a load under ${bound}: it is ${loadNow().toFixed(1)}`);
    told = load;
  }
}

/** Endless loops that keep the machine busy, until it is disposed of. */
export class BusyMachine implements AsyncDisposable {
  readonly #load: number;
  readonly #loops: readonly ChildProcess[];

  constructor(load: number) {
    this.#load = load;
    this.#loops = Array.from({ length: load }, () =>
      spawn("/bin/sh", ["-c", "while :; do :; done"], { stdio: "ignore" }),
    );
  }

  /** Resolves when the load average has nearly followed: it takes minutes for the rest, and the trials add to it. */
  async untilBusy(tell: (text: string) => void): Promise<void> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    while (loadNow() < this.#load - NEARLY && performance.now() < deadlineMs) {
      tell(`waiting for a load of ${this.#load}: it is ${loadNow().toFixed(1)}`);
      await sleep(10 * LOOK_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const loop of this.#loops) {
      const exited = once(loop, "exit");
      loop.kill("SIGKILL");
      await exited;
    }
  }
}
