import { expect, it } from "vitest";
import { endBlocked } from "./end-blocked.ts";
import type { WorkerPool } from "./worker-pool.ts";

const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };

it("ends a worker that a module has to leave and that says nothing for seconds, so that its neighbours come back, and no other", async () => {
  const killed: string[] = [];
  const silences: Record<string, number> = { blocked: 2_000, slow: 900, well: 0 };
  const pool = {
    get: (name: string) => (name in silences ? { silentMs: silences[name] } : undefined),
    kill: async (name: string) => void killed.push(name),
  } as unknown as WorkerPool;
  for (const worker of ["blocked", "slow", "well", "gone"]) await endBlocked(worker, pool, log);
  expect(killed).toEqual(["blocked"]);
});
