import type { Mutant } from "../mutant.ts";

const COORDINATOR = "packages/core/src/coordinator";

/** Restarts, recoveries, and the workers that they leave. */
export const mutants: readonly Mutant[] = [
  {
    file: `${COORDINATOR}/load.ts`,
    find: "this.#startedWorkers.filter((worker) => pool.isEmpty(worker))",
    replace: "this.#startedWorkers.filter(() => false)",
    wrong: "the workers of a failed load stay",
    tests: [`${COORDINATOR}/failed-load.test.ts`],
  },
  {
    file: `${COORDINATOR}/restart.ts`,
    find: "if (pool.get(worker) !== undefined) await pool.stop([worker], this.#options.stopTimeoutMs);",
    replace: "",
    wrong: "the worker of a failed restart stays",
    tests: [`${COORDINATOR}/restart.test.ts`],
  },
  {
    file: `${COORDINATOR}/restart.ts`,
    find: "if (pool.isEmpty(worker)) await this.#options.retire(worker);",
    replace: "",
    wrong: "a worker that an edited module has left stays, with nothing on it",
    tests: [`${COORDINATOR}/worker-count.test.ts`],
  },
  {
    file: `${COORDINATOR}/restart-module.ts`,
    find: "capabilities.freeInstance(instance, pausedAtMs)",
    replace: "capabilities.freeInstance(instance)",
    wrong: "a restarted module's lease is freed with the old one's: two skills move the robot at once",
    tests: [`${COORDINATOR}/restart-leases.test.ts`],
  },
  {
    file: `${COORDINATOR}/restart.ts`,
    find: "if (sources !== undefined && changedSince(sources).length === 0) return this.#replaceInPlace();",
    replace: "",
    wrong: "every restart starts a process, and workers pile up",
    tests: [`${COORDINATOR}/own-worker.test.ts`],
  },
  {
    file: `${COORDINATOR}/placement.ts`,
    find: "(unit.isEdited || worker.isEdited !== true || !isFull)",
    replace: "true",
    wrong: "workers of edits stay for the modules that were loaded onto them",
    tests: [`${COORDINATOR}/placement.test.ts`],
  },
  {
    file: `${COORDINATOR}/placement.ts`,
    find: "canRun(worker, unit.sources) &&",
    replace: "",
    wrong: "a module that crashes or is loaded again runs its file as it was before the edit",
    tests: [`${COORDINATOR}/placement.test.ts`, `${COORDINATOR}/worker-count.test.ts`],
  },
  {
    file: `${COORDINATOR}/recovery.ts`,
    find: "      checkPortsKept(plan.shape, description);\n",
    replace: "",
    wrong: "a module whose port was renamed comes back deaf after a crash, and nobody is told",
    tests: [`${COORDINATOR}/recovery.test.ts`],
  },
  {
    file: `${COORDINATOR}/recovery.ts`,
    find: "if (isSource) return this.#giveUp(instance, error);",
    replace: "",
    wrong: "a module with a syntax error is started five times",
    tests: [`${COORDINATOR}/recovery.test.ts`],
  },
];
