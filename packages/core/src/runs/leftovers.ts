import { existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Younger ones may belong to a run that is about to start. */
const MIN_AGE_MS = 24 * 60 * 60_000;
/** The log of a run, `20261122-161500-123-go2-4f1a`, which is made before the run's file. */
const RUN_ID = /^\d{8}-\d{6}-\d{3}-[a-z0-9-]+-[0-9a-f]{4}$/;
/** A file that its writer did not come to rename. */
const UNFINISHED = /^(.+\.json\.\d+\.tmp|\.starting-\d+-\d+\.log)$/;

/** Removes what processes that were killed have left between two steps: files that were to be renamed, and logs of no run. */
export function removeLeftovers(runs: string, logs: string, now: number): void {
  for (const directory of [runs, logs]) remove(directory, (name) => UNFINISHED.test(name), now);
  remove(logs, (name) => RUN_ID.test(name) && !existsSync(join(runs, `${name}.json`)), now);
}

function remove(directory: string, isLeftover: (name: string) => boolean, now: number): void {
  for (const name of namesIn(directory).filter(isLeftover)) {
    const path = join(directory, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found !== undefined && now - found.mtimeMs > MIN_AGE_MS) rmSync(path, { recursive: true, force: true });
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    // It is not there yet.
    return [];
  }
}
