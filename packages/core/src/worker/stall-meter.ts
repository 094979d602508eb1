import { readFileSync } from "node:fs";

const NS_PER_MS = 1e6;

/** What the system says of a thread. */
interface ThreadTimes {
  /** It runs, or would if it had a processor; otherwise it waits for something. */
  readonly isReady: boolean;
  /** Processor time it has had in all. */
  readonly ranMs: number;
}

/**
 * How long an event loop has stood still by its own doing. Time in which its thread was ready and had no processor does
 * not count, nor time in which this process was suspended: a starved worker is late, and comes back.
 */
export class StallMeter {
  readonly #maxStepMs: number;
  readonly #thread: () => ThreadTimes;
  #beats = -1;
  #stalledMs = 0;
  #lastMs = 0;
  #lastRanMs = 0;

  /**
   * @param maxStepMs longer than this from one reading to the next means that the reader itself was held up
   * @param thread tells of the watched thread
   */
  constructor(maxStepMs: number, thread: () => ThreadTimes = mainThread) {
    this.#maxStepMs = maxStepMs;
    this.#thread = thread;
  }

  /**
   * Milliseconds, to be read again and again.
   *
   * @param isExcused the time since the reading before does not count
   */
  read(beats: number, nowMs: number, isExcused = false): number {
    const { isReady, ranMs } = this.#thread();
    if (beats === this.#beats) {
      if (isExcused) return this.#note(beats, nowMs, ranMs);
      const passedMs = Math.min(nowMs - this.#lastMs, this.#maxStepMs);
      this.#stalledMs += isReady ? Math.min(passedMs, ranMs - this.#lastRanMs) : passedMs;
    } else this.#stalledMs = 0;
    return this.#note(beats, nowMs, ranMs);
  }

  #note(beats: number, nowMs: number, ranMs: number): number {
    this.#beats = beats;
    this.#lastMs = nowMs;
    this.#lastRanMs = ranMs;
    return this.#stalledMs;
  }
}

/** Whether a debugger outside of a process holds it (`gdb`, `strace`). False where the system does not tell. */
export function isTraced(pid: number): boolean {
  try {
    return /^TracerPid:\s*[1-9]/m.test(readFileSync(`/proc/${pid}/status`, "latin1"));
  } catch {
    return false;
  }
}

/** The main thread of a process. Where the system does not tell (there is no `/proc` on macOS), all time counts. */
export function mainThread(pid: number = process.pid): ThreadTimes {
  try {
    const times = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "latin1");
    return { isReady: isReadyToRun(pid), ranMs: Number(times.split(" ")[0]) / NS_PER_MS };
  } catch {
    return { isReady: false, ranMs: 0 };
  }
}

/** Whether a signal has stopped a process (SIGSTOP, Ctrl-Z). False where the system does not tell. */
export function isStopped(pid: number): boolean {
  try {
    return stateOf(pid) === "T";
  } catch {
    return false;
  }
}

function isReadyToRun(pid: number): boolean {
  return stateOf(pid) === "R";
}

/** Of the main thread, as `ps` shows it. */
function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, "latin1");
  // The name before the state may contain anything.
  return stat.charAt(stat.lastIndexOf(")") + 2);
}
