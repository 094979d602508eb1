import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { endReasonOf, isRunAlive, type RunEntry, RunRegistry, selectRuns, stateDirectory } from "@dimos/core/runs";
import { didYouMean, printable } from "@dimos/rpc";
import { formatDuration } from "../arguments/durations.ts";
import { CliError } from "../errors.ts";

/** Of these the last to end is looked for: reading what a thousand left behind would take longer than all else. */
const RECENT = 50;

export function openRegistry(): RunRegistry {
  return new RunRegistry(stateDirectory(process.env));
}

/** The live run that is meant: the one that was named, else the only one. */
export function chooseLiveRun(registry: RunRegistry, wanted: string | undefined): RunEntry {
  const { entries } = registry.list();
  const alive = entries.filter(isRunAlive);
  if (wanted === undefined) return onlyOne(alive, entries);
  const found = selectRuns(alive, wanted);
  if (found.length > 0) return onlyOne(found, entries);
  const ended = findNewest(entries, wanted);
  throw new CliError("NOT_ALIVE", `${nameOf(ended)} is not running: ${howEnded(ended)}`);
}

function howEnded(run: RunEntry): string | undefined {
  if (run.state !== "stopped" || run.endedAt === undefined) return endReasonOf(run)?.replace(/\.$/, "");
  return `it was stopped ${formatDuration(Date.now() - run.endedAt)} ago`;
}

/** The run that is meant, alive or ended: of several ended ones the newest. Without a word, the only live one, else the last one. */
export function chooseRun(registry: RunRegistry, wanted: string | undefined): RunEntry {
  const { entries } = registry.list();
  const alive = entries.filter(isRunAlive);
  const meant = wanted === undefined ? alive : selectRuns(alive, wanted);
  if (meant.length > 0) return onlyOne(meant, entries);
  return findNewest(entries, wanted);
}

function describeRuns(runs: readonly RunEntry[]): string {
  return runs.map(({ runId, name, state }) => `\n${runId}  ${printable(name)}  ${state}`).join("");
}

/** How a run is spoken of: by its name, and by its id for whoever has several of that name. */
export function nameOf({ name, runId }: RunEntry): string {
  return `${name} (${runId})`;
}

function onlyOne(runs: readonly RunEntry[], all: readonly RunEntry[]): RunEntry {
  const [run] = runs;
  if (run === undefined) throw new CliError("NONE_ALIVE", noneAlive(all));
  if (runs.length === 1) return run;
  throw new CliError("SEVERAL_RUNS", `Several runs are alive. Say which one:${describeRuns(runs)}`);
}

function findNewest(entries: readonly RunEntry[], wanted: string | undefined): RunEntry {
  const run = (wanted === undefined ? entries : selectRuns(entries, wanted)).at(-1);
  if (run !== undefined) return run;
  if (wanted === undefined) throw new CliError("NONE_ALIVE", noneAlive(entries));
  const known = entries.flatMap(({ runId, name }) => [runId, name]);
  throw new CliError("NO_SUCH_RUN", `There is no run "${wanted}".${didYouMean(wanted, known)}`);
}

/** What to say when nothing runs; and that the last run did not end as it should, when that is so. */
export function noneAlive(all: readonly RunEntry[]): string {
  const seen = all.slice(-RECENT).map((run) => ({ run, atMs: lastSeenMs(run) }));
  const last = seen.toSorted((a, b) => a.atMs - b.atMs).at(-1)?.run;
  if (last === undefined || last.state === "stopped") return "No running dimos. Start one with: dimos run <blueprint>";
  const reason = endReasonOf(last)?.replace(/\.$/, "");
  return `No running dimos. The last run, ${nameOf(last)}, failed: ${reason}. Its log: dimos log ${last.runId}`;
}

/** A run that was killed has not written when it ended: its log was written last just before. */
function lastSeenMs(run: RunEntry): number {
  if (run.endedAt !== undefined) return run.endedAt;
  try {
    const written = readdirSync(run.logDirectory).map((name) => statSync(join(run.logDirectory, name)).mtimeMs);
    return Math.max(run.startedAt, ...written);
  } catch {
    return run.startedAt;
  }
}
