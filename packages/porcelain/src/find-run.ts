import { type RunEntry, RunRegistry, selectRuns, stateDirectory } from "@dimos/core/runs";
import { didYouMean } from "@dimos/rpc";
import { NoRunError } from "./errors.ts";

/**
 * The run that is meant: by id, by name, or by a beginning of either that only one has; without any, the only one alive.
 * It is looked up in the registry, so a busy run is found as well.
 */
export function findRun(wanted: string | undefined, env: NodeJS.ProcessEnv = process.env): RunEntry {
  const alive = new RunRegistry(stateDirectory(env)).alive();
  if (alive.length === 0) throw new NoRunError("No running dimos found. Start one with: dimos run <blueprint>");
  const found = wanted === undefined ? alive : selectRuns(alive, wanted);
  const [run] = found;
  if (run === undefined) {
    const names = alive.flatMap(({ runId, name }) => [runId, name]);
    throw new NoRunError(`No run "${wanted}" is alive.${didYouMean(wanted ?? "", names)} Alive: ${describe(alive)}`);
  }
  if (found.length === 1) return run;
  throw new NoRunError(`Several runs are alive; say which one: ${describe(found)}`);
}

function describe(runs: readonly RunEntry[]): string {
  return runs.map(({ runId, name }) => `${runId} (${name})`).join(", ");
}
