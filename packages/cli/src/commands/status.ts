import { isRunAlive, type RunEntry, type RunRegistry } from "@dimos/core/runs";
import { chooseRun, noneAlive, openRegistry } from "../connection/choose-run.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { drawUntil } from "../live/live-view.ts";
import { describeReport, reportOf } from "../live/run-report.ts";
import { Paint } from "../output/paint.ts";
import { print, say } from "../output/print.ts";
import { toJson } from "../output/show-value.ts";
import { joined, shown } from "../output/shown.ts";

export interface StatusOptions {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly all?: boolean;
}

const WATCH_MS = 1_000;

/** `dimos status [RUN]`: what runs, and how it is doing. */
export async function status(
  wanted: string | undefined,
  options: StatusOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const registry = openRegistry();
  if (options.watch === true) {
    await drawUntil(
      signal,
      WATCH_MS,
      async () => (await drawing(registry, registry.list().entries, wanted, options)).text,
    );
    return EXIT.ok;
  }
  const listing = registry.list();
  for (const file of listing.unreadable) say(`Warning: ${file} is no run's file; it is left alone`);
  const { text, isAlive } = await drawing(registry, listing.entries, wanted, options);
  await print(text);
  return isAlive ? EXIT.ok : EXIT.notRunning;
}

async function drawing(
  registry: RunRegistry,
  entries: readonly RunEntry[],
  wanted: string | undefined,
  { json, all }: StatusOptions,
) {
  const alive = entries.filter(isRunAlive);
  const runs = wanted !== undefined ? [chooseRun(registry, wanted)] : all === true ? entries : alive;
  const nowMs = Date.now();
  const reports = await Promise.all(runs.map((run) => reportOf(run, nowMs)));
  const isAlive = runs.some((run) => alive.some(({ runId }) => runId === run.runId));
  if (json === true) return { text: toJson(reports, 2), isAlive };
  const paint = new Paint(process.stdout);
  const texts = reports.map((report) => describeReport(report, nowMs, paint));
  return { text: texts.length === 0 ? shown`${noneAlive(entries)}\n` : joined(texts, "\n"), isAlive };
}
