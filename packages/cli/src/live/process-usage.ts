import { readFileSync } from "node:fs";

/** `sysconf(_SC_CLK_TCK)`: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Processor time and memory of processes, as the system counts them. */
export class ProcessUsage {
  readonly #before = new Map<number, { readonly ticks: number; readonly atMs: number }>();

  /** Percent of one core since the last call for this process; undefined at the first, and where there is no `/proc`. */
  of(
    pid: number,
    nowMs: number = performance.now(),
  ): { readonly cpuPercent: number | undefined; readonly rssBytes: number } {
    let fields: string[];
    try {
      const text = readFileSync(`/proc/${pid}/stat`, "utf8");
      fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    } catch {
      return { cpuPercent: undefined, rssBytes: 0 };
    }
    const ticks = Number(fields[11]) + Number(fields[12]);
    const before = this.#before.get(pid);
    this.#before.set(pid, { ticks, atMs: nowMs });
    const rssBytes = Number(fields[21]) * PAGE_BYTES;
    if (before === undefined) return { cpuPercent: undefined, rssBytes };
    const seconds = (nowMs - before.atMs) / 1000;
    return { cpuPercent: ((ticks - before.ticks) / TICKS_PER_SECOND / seconds) * 100, rssBytes };
  }
}
