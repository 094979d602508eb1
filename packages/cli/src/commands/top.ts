import { formatDuration } from "../arguments/durations.ts";
import { chooseLiveRun, openRegistry } from "../connection/choose-run.ts";
import type { RunOption } from "../connection/connect.ts";
import { RunClient } from "../connection/run-client.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { drawUntil } from "../live/live-view.ts";
import { MetricRates, type ModuleRates } from "../live/metric-rates.ts";
import { ProcessUsage } from "../live/process-usage.ts";
import { type RunReport, reportOf } from "../live/run-report.ts";
import { Paint } from "../output/paint.ts";
import { print, table } from "../output/print.ts";
import { toJson } from "../output/show-value.ts";
import { joined, type Part, shown } from "../output/shown.ts";

export interface TopOptions extends RunOption {
  readonly json?: boolean;
  readonly once?: boolean;
}

/** One process of the run; what it counts is unknown of the coordinator, and of a worker that does not answer. */
interface ProcessRow extends ReturnType<ProcessUsage["of"]> {
  readonly name: string;
  readonly pid: number;
  /** By how much its timers come late, 99th percentile. */
  readonly loopDelayMs: number | undefined;
  readonly modules: readonly ModuleRates[];
}

const REFRESH_MS = 1_000;
const HEAD = ["PROCESS", "PID", "CPU", "MEMORY", "LOOP", "CALLS/S", "OUT/S", "IN/S", "DROPS/S"];

/** `dimos top`: what each process and module of a run does, drawn again every second. */
export async function top(options: TopOptions, signal: AbortSignal): Promise<ExitCode> {
  const registry = openRegistry();
  const { runId } = chooseLiveRun(registry, options.run);
  const usage = new ProcessUsage();
  const rates = new MetricRates();
  const paint = new Paint(process.stdout);
  const draw = async () => {
    const run = chooseLiveRun(registry, runId);
    const [report, metrics] = await Promise.all([reportOf(run), metricsOf(run)]);
    const rows = rowsOf(report, metrics, usage, rates);
    const state = report.health ?? report.state;
    if (options.json === true) return toJson({ runId, state, processes: rows });
    const head = shown`${paint.bold(report.name)}  ${paint.state(state)}  up ${formatDuration(report.uptimeMs ?? 0)}\n`;
    return joined([head, table([HEAD, ...rows.flatMap((row) => linesOf(row, paint))])]);
  };
  if (options.once === true) {
    await draw();
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
    await print(await draw());
    return EXIT.ok;
  }
  await drawUntil(signal, REFRESH_MS, draw);
  return EXIT.ok;
}

type Metrics = Awaited<ReturnType<RunClient["metrics"]>>;

/** Undefined of a run that does not answer. */
async function metricsOf(run: Parameters<typeof reportOf>[0]): Promise<Metrics | undefined> {
  try {
    await using client = await RunClient.connect(run);
    return await client.metrics();
  } catch {
    return undefined;
  }
}

function rowsOf(
  report: RunReport,
  metrics: Metrics | undefined,
  usage: ProcessUsage,
  rates: MetricRates,
): readonly ProcessRow[] {
  const workers = report.workers.map(({ name, pid, modules }): ProcessRow => {
    const counted = metrics?.workers.find((worker) => worker.name === name)?.metrics;
    const loopDelayMs = counted?.eventLoopDelayMs?.p99;
    return { name, pid, ...usage.of(pid), loopDelayMs, modules: rates.of(modules, counted) };
  });
  // With no workers, modules run in the coordinator's process.
  if (workers.some(({ pid }) => pid === report.pid)) return workers;
  const own = { name: "coordinator", pid: report.pid, loopDelayMs: undefined, modules: [] };
  return [{ ...own, ...usage.of(report.pid) }, ...workers];
}

function linesOf({ name, pid, cpuPercent, rssBytes, loopDelayMs, modules }: ProcessRow, paint: Paint): Part[][] {
  const cpu = cpuPercent === undefined ? "-" : `${cpuPercent.toFixed(1)} %`;
  const loop = loopDelayMs === undefined ? "-" : `${loopDelayMs.toFixed(1)} ms`;
  const line = [name, `${pid}`, cpu, `${Math.round(rssBytes / 2 ** 20)} MiB`, loop];
  return [line, ...modules.map((module) => moduleLine(module, paint))];
}

function moduleLine({ instance, droppedPerSecond, ...rates }: ModuleRates, paint: Paint): Part[] {
  const { callsPerSecond, publishedPerSecond, deliveredPerSecond } = rates;
  const drops = rateOf(droppedPerSecond);
  return [
    `  ${instance}`,
    ...["", "", "", ""],
    ...[callsPerSecond, publishedPerSecond, deliveredPerSecond].map(rateOf),
    droppedPerSecond !== undefined && droppedPerSecond > 0 ? paint.state(drops) : drops,
  ];
}

function rateOf(rate: number | undefined): string {
  return rate === undefined ? "-" : rate.toFixed(1);
}
