import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Waits until its input ends, and then kills what carries the tag in its environment, again until nothing does. The
 * input ends when its owner does, however that died. A line of input means at once. A directory, if any, goes last.
 */
const SCRIPT = `
patience=$2
while read -r line; do patience=0; done
sleep "$patience"
for pass in 1 2 3 4 5; do
  pids=$(grep -lszxF "$1" /proc/[0-9]*/environ | cut -d / -f 3)
  [ -n "$pids" ] || break
  kill -9 $pids 2> /dev/null
  sleep 0.02
done
[ -z "$3" ] || rm -rf -- "$3"`;

/** How long the owner waits for its reaper to be done. */
const DONE_TIMEOUT_MS = 1_000;

/**
 * A small process beside its owner that lets nothing survive it: not what is stopped, in an endless loop, or was left
 * by a parent that was killed as well. It needs `/proc`; elsewhere it does nothing.
 */
export class Reaper {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  /**
   * @param tag `NAME=value`, in the environment of everything that must not survive
   * @param patienceMs how long that has to end by itself when the owner dies
   * @param directory goes with it
   */
  constructor(tag: string, patienceMs: number, directory = "") {
    this.#child = spawn("/bin/sh", ["-c", SCRIPT, "dimos-reaper", tag, String(patienceMs / 1000), directory], {
      // In a session of its own: Ctrl-C, and signals to the owner's group, are not for it.
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      cwd: "/",
      env: { PATH: process.env.PATH },
    });
    // Without a shell there is no reaper: what ends in order still ends.
    this.#exited = once(this.#child, "exit").catch(() => undefined);
    this.#child.stdin?.on("error", () => {});
    this.#child.unref();
    (this.#child.stdin as unknown as { unref(): void } | null)?.unref();
  }

  /** Kills at once what is left, and ends. */
  async reap(): Promise<void> {
    this.#child.stdin?.end("now\n");
    this.#child.ref();
    const timeout = new AbortController();
    const late = new Promise((resolve) => {
      const timer = setTimeout(resolve, DONE_TIMEOUT_MS);
      timeout.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    });
    await Promise.race([this.#exited, late]);
    timeout.abort();
    this.#child.unref();
  }
}
