import type { RunEntry } from "./run-entry.ts";
import { fitRunName } from "./run-name.ts";

/**
 * The runs that a word means: by id, else by name, else by a beginning of either. A run that got its name from what it
 * was started from may be named by that as well: `./rover.ts`.
 */
export function selectRuns(runs: readonly RunEntry[], wanted: string): readonly RunEntry[] {
  const byId = runs.filter(({ runId }) => runId === wanted);
  if (byId.length > 0) return byId;
  const byName = runs.filter(({ name }) => name === wanted);
  if (byName.length > 0) return byName;
  const byBeginning = runs.filter(({ runId, name }) => runId.startsWith(wanted) || name.startsWith(wanted));
  if (byBeginning.length > 0 || !/[/#@]/.test(wanted)) return byBeginning;
  return runs.filter(({ name }) => name === fitRunName(wanted));
}

/** Why a run is not there any more; undefined while it is. */
export function endReasonOf(run: RunEntry): string | undefined {
  if (run.exit !== undefined) return run.exit.reason;
  if (run.state === "stopped" || run.state === "failed") return "no reason was recorded";
  return `its process ${run.pid} ended without a word: it was killed, or it crashed`;
}
