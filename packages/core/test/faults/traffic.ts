import { setTimeout as sleep } from "node:timers/promises";
import type { ModuleCoordinator } from "../../src/index.ts";
import type { Seeded } from "./seeded.ts";

const CALL_TIMEOUT_MS = 2_000;
/** A loaded machine is late with timers. */
const SLACK_MS = 3_000;
const METHODS = ["once", "slow", "failing"] as const;

/** Calls methods of random modules all the time, and keeps the books: every call must settle by its deadline, once. */
export class Traffic {
  readonly #system: ModuleCoordinator;
  readonly #random: Seeded;
  readonly #pending = new Map<number, number>();
  readonly #stop = new AbortController();
  readonly late: string[] = [];
  readonly twice: string[] = [];
  calls = 0;
  rejected = 0;

  constructor(system: ModuleCoordinator, random: Seeded) {
    this.#system = system;
    this.#random = random;
    void this.#run();
  }

  /** Calls that are pending although their deadline has passed. */
  get overdue(): number {
    const nowMs = performance.now();
    return [...this.#pending.values()].filter((startedMs) => nowMs - startedMs > CALL_TIMEOUT_MS + SLACK_MS).length;
  }

  get pending(): number {
    return this.#pending.size;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const instances = this.#system.listModules().map(({ instance }) => instance);
      if (instances.length > 0) void this.#call(this.#random.pick(instances), this.#random.pick(METHODS));
      await sleep(4);
    }
  }

  async #call(instance: string, method: string): Promise<void> {
    const id = ++this.calls;
    const startedMs = performance.now();
    this.#pending.set(id, startedMs);
    const isRelayed = instance === "Asker" && method === "slow";
    try {
      await this.#system.call(instance, isRelayed ? "relay" : method, [`call-${id}`], { timeoutMs: CALL_TIMEOUT_MS });
    } catch (error) {
      this.rejected++;
      if (String(error).includes("carried out twice")) this.twice.push(String(error));
    } finally {
      this.#pending.delete(id);
      const tookMs = performance.now() - startedMs;
      if (tookMs > CALL_TIMEOUT_MS + SLACK_MS) this.late.push(`${instance}.${method} after ${Math.round(tookMs)} ms`);
    }
  }
}
