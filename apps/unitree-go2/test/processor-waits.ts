import { readFileSync } from "node:fs";

const NS_PER_MS = 1e6;

/**
 * How long the main threads of processes were ready to run and had no processor, as the system counts it. What a chain of
 * processes takes on a busy machine, less this, is what it takes by its own doing. Where the system does not tell, nothing.
 */
export class ProcessorWaits {
  readonly #pids: readonly number[];

  constructor(pids: Iterable<number>) {
    this.#pids = [...new Set(pids)];
  }

  /** Milliseconds in all, since each was started. */
  read(): number {
    return this.#pids.map(waitedMs).reduce((sum, waited) => sum + waited, 0);
  }
}

function waitedMs(pid: number): number {
  try {
    const [, waited] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "latin1").split(" ");
    return Number(waited) / NS_PER_MS;
  } catch {
    return 0;
  }
}
