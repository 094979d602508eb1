import { globSync, readFileSync } from "node:fs";
import { lineAt } from "./arrows/imports.ts";
import { mask } from "./arrows/mask.ts";

// The wall clock jumps when somebody, or a time server, sets it: no source measures time with it. Robot code takes
// `this.clock.now()`, everything else `performance.now()`. These files show times to people, or name things by them.
const FOR_PEOPLE: Readonly<Record<string, string>> = {
  "bench/src/main.ts": "names the report",
  "packages/cli/src/commands/log.ts": "--since compares with the times in the log",
  "packages/cli/src/commands/status.ts": "says how long ago",
  "packages/cli/src/connection/choose-run.ts": "says how long ago",
  "packages/cli/src/lifecycle/end-run.ts": "the run file says when a run ended",
  "packages/cli/src/lifecycle/start-daemon.ts": "names a file",
  "packages/cli/src/live/run-report.ts": "says how long ago",
  "packages/cli/src/project/health-checks.ts": "looks whether the clock is set",
  "packages/core/src/clock-base.ts": "the run's clock starts at the wall time",
  "packages/core/src/clock.ts": "this.clock.date() is the wall clock",
  "packages/core/src/coordinator/run-record.ts": "the run file says when a run started and ended",
  "packages/core/src/directories.ts": "run ids begin with the time",
  "packages/core/src/log/console-sink.ts": "says the day when it is another than that of the start",
  "packages/core/src/log/file-sink.ts": "lines of the log have a time",
  "packages/core/src/log/output-limit.ts": "lines of the log have a time",
  "packages/core/src/log/run-log.ts": "lines of the log have a time",
  "packages/core/src/runs/run-registry.ts": "forgets runs that ended days ago",
  "packages/core/src/safety/capability-registry.ts": "health says since when a capability is held",
  "packages/core/src/safety/run-safety.ts": "status says since when the emergency stop is latched",
  "packages/core/src/worker/worker-safety.ts": "status says since when the emergency stop is latched",
  "packages/mcp/src/tools/call-records.ts": "the list of calls says when each began",
};

/** `performance.timeOrigin` is the wall time at which a process started. */
const WALL_CLOCK =
  /\bDate\s*(?:\?\.|\.)\s*now\b|\bnew\s+Date\b(?:\s*\(\s*\))?(?!\s*\()|(?<!new\s+|[.\w])Date\s*\(|\btimeOrigin\b/g;

const problems: string[] = [];
const used = new Set<string>();
const files = globSync("{packages,apps}/*/{src,bin}/**/*.{ts,mts,js,mjs}").concat(globSync("{bench,scripts}/**/*.ts"));
const sources = files.filter((file) => !/\.test\.ts$|node_modules|\/dist\//.test(file)).sort();
for (const file of sources) {
  const text = readFileSync(file, "utf8");
  for (const found of mask(text).matchAll(WALL_CLOCK)) {
    used.add(file);
    if (FOR_PEOPLE[file] === undefined)
      problems.push(
        `${file}:${lineAt(text, found.index)} "${found[0]}" jumps with the host's clock: take this.clock.now() or performance.now(); for people, this.clock.date() or a row in scripts/check-clocks.ts`,
      );
  }
}
for (const file of Object.keys(FOR_PEOPLE))
  if (!used.has(file)) problems.push(`scripts/check-clocks.ts lists ${file}, which does not read the wall clock`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`clocks ok: ${sources.length} files`);
