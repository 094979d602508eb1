import { mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkList, MINIMUM } from "./check-list.ts";
import { copyWorkspace, removeFolder } from "./copy.ts";
import { type Result, runJob } from "./job.ts";
import { choose, parseOptions, USAGE } from "./options.ts";
import { readList } from "./read-list.ts";
import type { Copy } from "./run-test.ts";
import { describe, describeRed, summary } from "./summary.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TEST_TIMEOUT_MS = 300_000;

/** Tries mutations in copies of the repository. @returns the exit code. */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseOptions(args);
  const all = await readList(join(ROOT, "scripts/mutants/list"));
  const problems = checkList(ROOT, all, MINIMUM);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const mutants = choose(all, options);
  if (mutants.length === 0) throw new Error(`No mutation matches: ${options.words.join(" ")}\n${USAGE}`);
  console.log(`${mutants.length} of ${all.length} mutations; first their tests as they are`);

  // Short, since sockets are made below it.
  const base = realpathSync(mkdtempSync(join(tmpdir(), "mut-")));
  const results: Result[] = [];
  try {
    const copies = Array.from({ length: Math.min(options.jobs, mutants.length) }, (_, index): Copy => {
      const copy = { root: join(base, `${index}`), scratch: join(base, `s${index}`), buildCache: join(base, "turbo") };
      mkdirSync(copy.scratch);
      copyWorkspace(ROOT, copy.root);
      return copy;
    });
    await runJob(mutants, {
      copies,
      signal,
      timeoutMs: TEST_TIMEOUT_MS,
      onBaseline: (test, run) => run.ending === "passed" || console.log(describeRed(test, run)),
      onResult(result) {
        results.push(result);
        console.log(`${`${results.length}/${mutants.length}`.padStart(9)} ${describe(result)}`);
      },
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    removeFolder(base);
  }
  console.log(summary(results, mutants.length));
  if (signal.aborted) return 130;
  return results.every(({ verdict }) => verdict === "noticed") ? 0 : 1;
}

const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupted.abort());
try {
  process.exitCode = await main(process.argv.slice(2), interrupted.signal);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
