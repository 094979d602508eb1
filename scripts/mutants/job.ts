import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apply } from "./apply.ts";
import type { ListedMutant } from "./read-list.ts";
import { type Copy, runTest, type TestRun } from "./run-test.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

export interface Result {
  readonly mutant: ListedMutant;
  readonly verdict: Verdict;
  readonly seconds: number;
  /** The tests that decided it, and how each ended. */
  readonly runs: readonly (TestRun & { readonly test: string })[];
}

export interface JobOptions {
  readonly copies: readonly Copy[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  onBaseline?(test: string, run: TestRun): void;
  onResult?(result: Result): void;
}

/** Tests as they are first, then each mutation. What is known is told at once; an abort ends it with that. */
export async function runJob(mutants: readonly ListedMutant[], options: JobOptions): Promise<void> {
  const red = new Map<string, TestRun>();
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))].sort();
  await share(tests, options, async (copy, test) => {
    const attempt = () => runTest(copy, test, options.timeoutMs, options.signal);
    const first = await attempt();
    // A busy machine may fail a test once; what then fails with a mutation does so for the mutation.
    const run = first.ending === "passed" ? first : await attempt();
    if (run.ending !== "passed") red.set(test, run);
    options.onBaseline?.(test, run);
  });
  await share(mutants, options, async (copy, mutant) => {
    options.onResult?.(await tryMutant(copy, mutant, red, options));
  });
}

async function tryMutant(
  copy: Copy,
  mutant: ListedMutant,
  red: ReadonlyMap<string, TestRun>,
  { timeoutMs, signal }: JobOptions,
): Promise<Result> {
  const startMs = performance.now();
  const path = join(copy.root, mutant.file);
  const original = readFileSync(path, "utf8");
  const runs: Result["runs"][number][] = [];
  const alreadyRed = mutant.tests.filter((test) => red.has(test));
  for (const test of alreadyRed) runs.push({ test, ending: "red", reason: red.get(test)?.reason ?? "" });
  try {
    if (alreadyRed.length === 0) writeFileSync(path, apply(original, mutant));
    for (const test of alreadyRed.length === 0 ? mutant.tests : [])
      runs.push({ test, ...(await runTest(copy, test, timeoutMs, signal)) });
  } finally {
    writeFileSync(path, original);
  }
  const verdict = verdictOf(runs.map(({ ending }) => ending));
  return { mutant, verdict, seconds: (performance.now() - startMs) / 1000, runs };
}

/** Each copy takes the next item as soon as it is free. */
async function share<T>(
  items: readonly T[],
  { copies, signal }: JobOptions,
  work: (copy: Copy, item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const worker = async (copy: Copy) => {
    for (const item of left) {
      signal.throwIfAborted();
      await work(copy, item);
    }
  };
  const ended = await Promise.allSettled(copies.map(worker));
  for (const outcome of ended) if (outcome.status === "rejected") throw outcome.reason;
}
