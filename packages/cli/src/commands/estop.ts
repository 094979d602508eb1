import { type EstopReport, estopRun, isRunAlive, killWorker, type RunEntry } from "@dimos/core/runs";
import { chooseLiveRun, nameOf, noneAlive, openRegistry } from "../connection/choose-run.ts";
import { RunClient } from "../connection/run-client.ts";
import { CliError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print, printJson, say } from "../output/print.ts";
import { joined, type Shown, shown } from "../output/shown.ts";

export interface EstopOptions {
  readonly reset?: boolean;
  readonly kill?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

/**
 * `dimos estop [RUN]`: without a name every run that is alive, since asking which one takes time. `--reset` wants to know
 * which one, like every other command.
 */
export async function estop(wanted: string | undefined, options: EstopOptions): Promise<ExitCode> {
  for (const option of ["reason", "kill"] as const)
    if (options.reset === true && options[option] !== undefined)
      throw new CliError("USAGE", `--${option} is for the stop: a reset has none`);
  const runs = wanted === undefined && options.reset !== true ? everyRun() : [chooseLiveRun(openRegistry(), wanted)];
  const reports = await Promise.all(runs.map((run) => tell(run, options)));
  if (options.json === true) await printJson(reports.map(({ run, report }) => ({ runId: run.runId, ...report })));
  else for (const { run, report } of reports) await print(describe(run, report, options));
  const isDone = reports.every(({ report }) => report?.unconfirmed.every(({ killed }) => killed) === true);
  return isDone ? EXIT.ok : EXIT.failed;
}

function everyRun(): readonly RunEntry[] {
  const { entries } = openRegistry().list();
  const alive = entries.filter(isRunAlive);
  if (alive.length === 0) throw new CliError("NONE_ALIVE", noneAlive(entries));
  return alive;
}

/** A run that cannot be told must not keep the others from being told. */
async function tell(run: RunEntry, options: EstopOptions) {
  try {
    return { run, report: options.reset === true ? await reset(run) : await stop(run, options) };
  } catch (error) {
    say(`Error: ${nameOf(run)}: ${(error as Error).message}`);
    return { run, report: undefined };
  }
}

async function reset(run: RunEntry): Promise<EstopReport> {
  await using client = await RunClient.connect(run);
  return await client.resetEstop();
}

function stop(run: RunEntry, { reason = "dimos estop", kill }: EstopOptions): Promise<EstopReport> {
  return estopRun({
    endpoint: run.endpoint,
    reason,
    viaCoordinator: async (signal) => {
      await using client = await RunClient.connect(run, signal);
      return await client.estop(reason, signal);
    },
    kill: kill === true ? (worker) => killWorker(run, worker) : undefined,
    onSlow: (halted) =>
      say(
        halted.length === 0
          ? `${nameOf(run)}: nothing has confirmed the stop yet; waiting for the run`
          : `${nameOf(run)}: halted ${halted.join(", ")}; waiting for the run, which does not answer`,
      ),
  });
}

function describe(run: RunEntry, report: EstopReport | undefined, options: EstopOptions): Shown {
  if (report === undefined) return shown``;
  const { estop: state, halted, unconfirmed } = report;
  const lines =
    options.reset === true
      ? [`${nameOf(run)}: emergency stop reset; nothing moves until it is asked to`]
      : [`${nameOf(run)}: emergency stop${state.latched ? ` (${state.reason})` : ""}${describeHalted(halted)}`];
  for (const { worker, modules, killed } of unconfirmed) {
    const who = modules.length === 0 ? worker : `${worker} (${modules.join(", ")})`;
    lines.push(`  ${who} did not confirm${killed ? " and was killed" : ""}`);
  }
  return shown`${joined(lines, "\n")}\n`;
}

function describeHalted(halted: readonly string[]): string {
  return halted.length === 0 ? "" : `, halted: ${halted.join(", ")}`;
}
