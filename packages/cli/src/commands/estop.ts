import { type EstopReport, isRunAlive, type RunEntry } from "@dimos/core/runs";
import { chooseLiveRun, nameOf, noneAlive, openRegistry } from "../connection/choose-run.ts";
import { RunClient } from "../connection/run-client.ts";
import { CliError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print, printJson, say } from "../output/print.ts";

export interface EstopOptions {
  readonly reset?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

/**
 * `dimos estop [RUN]`: without a name every run that is alive, since asking which one takes time. `--reset` wants to know
 * which one, like every other command.
 */
export async function estop(wanted: string | undefined, options: EstopOptions): Promise<ExitCode> {
  if (options.reset === true && options.reason !== undefined)
    throw new CliError("USAGE", "--reason is for the stop: a reset has none");
  const runs = wanted === undefined && options.reset !== true ? everyRun() : [chooseLiveRun(openRegistry(), wanted)];
  const reports = await Promise.all(runs.map((run) => tell(run, options)));
  if (options.json === true) await printJson(reports.map(({ run, report }) => ({ runId: run.runId, ...report })));
  else for (const { run, report } of reports) await print(describe(run, report));
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
async function tell(run: RunEntry, { reset, reason }: EstopOptions) {
  try {
    await using client = await RunClient.connect(run);
    return { run, report: reset === true ? await client.resetEstop() : await client.estop(reason ?? "dimos estop") };
  } catch (error) {
    say(`Error: ${nameOf(run)} was not told: ${(error as Error).message}. "dimos stop --force" ends it`);
    return { run, report: undefined };
  }
}

function describe(run: RunEntry, report: EstopReport | undefined): string {
  if (report === undefined) return "";
  const { estop, halted, unconfirmed } = report;
  const lines = estop.latched
    ? [`${nameOf(run)}: emergency stop (${estop.reason})${halted.length > 0 ? `, halted: ${halted.join(", ")}` : ""}`]
    : [`${nameOf(run)}: emergency stop reset; nothing moves until it is asked to`];
  for (const { worker, modules, killed } of unconfirmed)
    lines.push(`  ${worker} (${modules.join(", ")}) did not confirm${killed ? " and was killed" : ""}`);
  return `${lines.join("\n")}\n`;
}
