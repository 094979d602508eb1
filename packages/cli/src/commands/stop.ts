import { isRunAlive, processesOf, type RunEntry, type RunRegistry, selectRuns } from "@dimos/core/runs";
import { parseDuration } from "../arguments/durations.ts";
import { chooseLiveRun, nameOf, noneAlive, openRegistry } from "../connection/choose-run.ts";
import { CliError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describeSurvivors, endRun } from "../lifecycle/end-run.ts";
import { say } from "../output/print.ts";

export interface StopOptions {
  readonly all?: boolean;
  readonly force?: boolean;
  readonly timeout: string;
}

/** `dimos stop [RUN...]`: returns when no process of the runs exists. */
export async function stop(names: readonly string[], options: StopOptions, signal: AbortSignal): Promise<ExitCode> {
  const timeoutMs = parseDuration(options.timeout, "--timeout");
  const registry = openRegistry();
  const runs = chooseRuns(names, options, registry);
  const ends = await Promise.all(
    runs.map((run) => stopRun(run, registry, { force: options.force === true, timeoutMs, signal })),
  );
  return ends.every((ended) => ended) ? EXIT.ok : EXIT.failed;
}

async function stopRun(run: RunEntry, registry: RunRegistry, options: Parameters<typeof endRun>[2]): Promise<boolean> {
  const { how, survivors } = await endRun(run, registry, options);
  if (survivors.length > 0) {
    say(describeSurvivors(run, survivors));
    return false;
  }
  const words = { asked: "Stopped", terminated: "Stopped (it did not answer; SIGTERM did it)", killed: "Killed" };
  say(`${words[how]} ${nameOf(run)}`);
  return true;
}

function chooseRuns(names: readonly string[], { all, force }: StopOptions, registry: RunRegistry): readonly RunEntry[] {
  if (all !== true) {
    const wanted = names.length === 0 ? [undefined] : names;
    const chosen = wanted.map(
      (name) => (force === true ? leftovers(registry, name) : undefined) ?? chooseLiveRun(registry, name),
    );
    return [...new Map(chosen.map((run) => [run.runId, run])).values()];
  }
  if (names.length > 0) throw new CliError("USAGE", "--all stops every run: name none with it");
  const { entries } = registry.list();
  const alive = entries.filter(isRunAlive);
  if (alive.length === 0) throw new CliError("NONE_ALIVE", noneAlive(entries));
  return alive;
}

/** A run that has ended, and of which something is still there: its reaper was killed as well. */
function leftovers(registry: RunRegistry, name: string | undefined): RunEntry | undefined {
  if (name === undefined) return undefined;
  const run = selectRuns(registry.list().entries, name).at(-1);
  return run === undefined || isRunAlive(run) || processesOf(run).length === 0 ? undefined : run;
}
