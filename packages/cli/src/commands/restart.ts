import type { ConfigField } from "@dimos/core";
import { ESTOP_VARIABLE, type RunEntry, type RunRegistry, workingDirectory } from "@dimos/core/runs";
import { maskArguments } from "../arguments/mask-arguments.ts";
import { chooseLiveRun, chooseRun, nameOf, openRegistry } from "../connection/choose-run.ts";
import { connectTo } from "../connection/connect.ts";
import { CliError, type CliErrorCode, UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describeSurvivors, endRun } from "../lifecycle/end-run.ts";
import { planRestart, type RestartPlan, refused } from "../lifecycle/restart-plan.ts";
import { RESTARTED_VARIABLE } from "../lifecycle/restarted.ts";
import { say } from "../output/print.ts";

export interface RestartOptions {
  readonly module?: string;
  /** False with `--no-reload`. */
  readonly reload: boolean;
  readonly force?: boolean;
  readonly daemon?: boolean;
  readonly foreground?: boolean;
}

const STOP_TIMEOUT_MS = 10_000;
const ENDED: ReadonlySet<string> = new Set<CliErrorCode>(["NOT_ALIVE", "NONE_ALIVE"]);

/** `dimos restart [RUN]`: the same command again; checked before anything is stopped. */
export async function restart(
  wanted: string | undefined,
  options: RestartOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { daemon, foreground, force = false } = options;
  if (options.module !== undefined) return restartModule(wanted, options.module, options.reload);
  if (!options.reload) throw new UsageError("--no-reload is for --module: a run is always started anew");
  if (daemon === true && foreground === true) throw new UsageError("Give --daemon or --foreground, not both");
  const registry = openRegistry();
  const run = chooseToRestart(registry, wanted);
  const plan = planRestart(run, daemon === true ? "daemon" : foreground === true ? "foreground" : "recorded");
  const fields = await validate(run, plan, signal);
  const { survivors } = await endRun(run, registry, { force, timeoutMs: STOP_TIMEOUT_MS, signal });
  if (survivors.length > 0) {
    say(describeSurvivors(run, survivors));
    return EXIT.failed;
  }
  if (signal.aborted) {
    say(`${nameOf(run)} was stopped, and not started again: nothing of it is running now`);
    return EXIT.interrupted;
  }
  say(`Running: ${maskArguments([plan.file, ...plan.args], fields)}`);
  const { become } = await import("../lifecycle/become.ts");
  const env = { ...plan.env, ...keptEstop(run, registry), [RESTARTED_VARIABLE]: nameOf(run) };
  const program = { ...plan, env };
  return become(program, signal, process.platform === "win32" ? undefined : process.execve);
}

/** What was latched stays so: a restart is no reset. It may have been latched while the run was being stopped. */
function keptEstop({ runId }: RunEntry, registry: RunRegistry): Record<string, string> {
  const estop = registry.list().entries.find((entry) => entry.runId === runId)?.estop;
  return estop?.latched === true ? { [ESTOP_VARIABLE]: estop.reason } : {};
}

/** Of a run that has ended, the command that would start it again: a program of somebody else's is started by that. */
function chooseToRestart(registry: RunRegistry, wanted: string | undefined): RunEntry {
  try {
    return chooseLiveRun(registry, wanted);
  } catch (error) {
    if (!(error instanceof CliError) || !ENDED.has(error.code)) throw error;
    const run = chooseRun(registry, wanted);
    if (run.argv[1] !== "run") throw error;
    const where = run.cwd === workingDirectory() ? "" : ` in ${run.cwd}`;
    const again = `To start ${nameOf(run)} again${where}: dimos ${maskArguments(run.argv.slice(1))}`;
    throw new CliError(error.code as CliErrorCode, `${error.message}. ${again}`);
  }
}

/** Names and settings, of which it returns what there are; read in the run's directory and environment, which this process is about to take over. */
async function validate(
  run: RunEntry,
  { runArguments, cwd, env }: RestartPlan,
  signal: AbortSignal,
): Promise<readonly ConfigField[] | undefined> {
  if (runArguments === undefined) return undefined;
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (name.startsWith("DIMOS_")) delete process.env[name];
  Object.assign(process.env, env);
  const { parseRunArguments } = await import("../arguments/run-arguments.ts");
  const { discoverRegistry } = await import("../project/registry.ts");
  try {
    return (await parseRunArguments(runArguments, discoverRegistry(), signal))?.fields;
  } catch (error) {
    throw refused(run, error instanceof Error ? error.message : String(error), error);
  }
}

async function restartModule(run: string | undefined, module: string, reloadSource: boolean): Promise<ExitCode> {
  await using app = await connectTo(run === undefined ? {} : { run });
  await app.restart(module, { reloadSource });
  say(`Restarted ${module}${reloadSource ? " with its source as it is now" : ""}`);
  return EXIT.ok;
}
