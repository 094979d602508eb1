import { LoadAbortedError, type LoadProgress } from "@dimos/core";
import { ensureStateDirectory, RunRegistry, stateDirectory } from "@dimos/core/runs";
import { Dimos } from "@dimos/porcelain";
import { parseRunArguments, type RunArguments } from "../arguments/run-arguments.ts";
import { InterruptedError, StartTimeoutError, StoppedWhileStartingError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { say } from "../output/print.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { discoverRegistry } from "../project/registry.ts";
import type { Daemon } from "./daemon.ts";
import { takeKeptEstop } from "./kept-estop.ts";
import { StartProgress } from "./start-progress.ts";

/** Runs blueprints in this process, until a signal comes or the run is ended from elsewhere. */
export async function runHere(argv: readonly string[], signal: AbortSignal, daemon?: Daemon): Promise<ExitCode> {
  const parsed = await parseRunArguments(argv, discoverRegistry(), signal);
  if (parsed === undefined) return EXIT.ok;
  ensureStateDirectory(process.env);
  outliveOutput();
  const estop = takeKeptEstop(process.env);
  if (estop !== undefined)
    say(`The emergency stop stays latched (${estop}): nothing moves until "dimos estop --reset"`);
  for (const warning of parsed.config.warnings) say(`Warning: ${warning}`);
  await using app = new Dimos({ ...parsed.config.globals, consoleLevel: consoleLevel(parsed, daemon) });
  const stopped = new Promise<void>((resolve) => app.on("stopped", () => resolve()));
  await start(app, parsed, signal, daemon, estop);
  const { runId } = app;
  const summary = summaryOf(app, parsed);
  // A pending promise does not keep the process alive; the channels of the workers do, and with none this does.
  const alive = setInterval(() => {}, 2 ** 30);
  if (daemon === undefined) say(`${summary}. Ctrl-C stops.`);
  else await daemon.ready(summary);
  await Promise.race([aborted(signal), stopped]);
  clearInterval(alive);
  if (signal.aborted) say("Stopping");
  await app.stop();
  return signal.aborted ? EXIT.ok : endOf(runId);
}

/** Standard output has what modules print here. That nobody reads it, or that its disk is full, must not end a robot's run. */
function outliveOutput(): void {
  process.stdout.removeAllListeners("error");
  process.stdout.on("error", () => {});
}

async function start(
  app: Dimos,
  parsed: RunArguments,
  signal: AbortSignal,
  daemon: Daemon | undefined,
  estop: string | undefined,
): Promise<void> {
  const { blueprint, config, names, runName, startTimeoutMs } = parsed;
  const line = new ProgressLine();
  const progress = new StartProgress(
    blueprint.entries.filter((entry) => !entry.disabled).map(({ instance }) => instance),
  );
  const onProgress = (step: LoadProgress) => {
    progress.take(step);
    if (daemon === undefined) line.show(String(progress));
    else daemon.progress(String(progress));
  };
  const timeout = startTimeoutMs === undefined ? undefined : AbortSignal.timeout(startTimeoutMs);
  const signals = timeout === undefined ? signal : AbortSignal.any([signal, timeout]);
  const modules = Object.fromEntries(config.configs);
  try {
    await app.run(blueprint, { config: modules, name: runName, blueprints: names, estop, signal: signals, onProgress });
  } catch (error) {
    if (signal.aborted) throw new InterruptedError(runName);
    if (timeout?.aborted === true)
      throw new StartTimeoutError(runName, startTimeoutMs as number, progress.describeWait());
    if (error instanceof LoadAbortedError) throw new StoppedWhileStartingError(runName);
    throw error;
  } finally {
    line.clear();
  }
}

/** A daemon has no console: its log has everything, and what prints itself. */
function consoleLevel(
  { config }: RunArguments,
  daemon: Daemon | undefined,
): "info" | typeof config.globals.consoleLevel {
  if (daemon !== undefined) return "silent";
  const isDefault = config.settings.some(({ field, source }) => field.name === "consoleLevel" && source === "default");
  return isDefault ? "info" : config.globals.consoleLevel;
}

function summaryOf(app: Dimos, { runName }: RunArguments): string {
  const modules = app.listModules();
  const processes = new Set(modules.map((module) => module.pid)).size;
  return `Running ${runName}: ${plural(modules.length, "module")} in ${plural(processes, "process", "processes")}`;
}

/** Of a run that ended without a signal: somebody stopped it, or it gave up. */
function endOf(runId: string): ExitCode {
  const entry = new RunRegistry(stateDirectory(process.env)).list().entries.find((run) => run.runId === runId);
  if (entry?.state === "failed") {
    say(`Error: The run failed: ${entry.exit?.reason}`);
    return EXIT.failed;
  }
  say(`Stopped: ${entry?.exit?.reason}`);
  return EXIT.ok;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
