import { setTimeout as sleep } from "node:timers/promises";
import {
  followRunLog,
  type LogFilter,
  type LogLevel,
  type LogRecord,
  type RunEntry,
  type RunRegistry,
  readLastOfRunLog,
  readRunLog,
} from "@dimos/core/runs";
import { parseSince } from "../arguments/since.ts";
import { chooseRun, nameOf, openRegistry } from "../connection/choose-run.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { LogPrinter } from "../output/log-line.ts";
import { Paint } from "../output/paint.ts";
import { print, say } from "../output/print.ts";
import { toJson } from "../output/show-value.ts";

export interface LogOptions {
  readonly follow?: boolean;
  readonly lines: string;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly module?: string;
  readonly level?: string;
  readonly since?: string;
  readonly grep?: string;
}

const LEVELS: ReadonlySet<string> = new Set<LogLevel>(["debug", "info", "warn", "error"]);
const REGISTRY_POLL_MS = 500;

/** `dimos log [RUN]`: the lines of all processes of a run, merged by time; of an ended or crashed run as well. */
export async function log(wanted: string | undefined, options: LogOptions, signal: AbortSignal): Promise<ExitCode> {
  const filter = filterOf(options);
  const count = options.all === true ? Number.POSITIVE_INFINITY : countOf(options.lines);
  const registry = openRegistry();
  const run = chooseRun(registry, wanted);
  const show = printer(options.json === true);
  if (options.follow === true) {
    await follow(run, registry, count, filter, signal, show);
    return EXIT.ok;
  }
  const { logDirectory } = run;
  let shown = 0;
  for (const record of options.all === true
    ? readRunLog(logDirectory, filter)
    : readLastOfRunLog(logDirectory, count, filter)) {
    await show(record);
    shown++;
  }
  if (shown === 0 && count > 0) say(`The log of ${nameOf(run)} has no line of that kind`);
  return EXIT.ok;
}

type Show = (record: LogRecord) => Promise<void>;

/** When the run ends, the next one of its name is followed: `dimos restart` does not end `dimos log -f`. */
async function follow(
  first: RunEntry,
  registry: RunRegistry,
  count: number,
  filter: LogFilter,
  signal: AbortSignal,
  show: Show,
): Promise<void> {
  let run: RunEntry | undefined = first;
  let last = count;
  while (run !== undefined) {
    const { runId, logDirectory } = run;
    const isOver = pacedCheck(() => !registry.alive().some((entry) => entry.runId === runId));
    for await (const record of followRunLog(logDirectory, { last, filter, signal, isOver })) await show(record);
    if (signal.aborted) return;
    say(`${nameOf(run)} has ended. Waiting for the next run of that name; Ctrl-C leaves`);
    run = await successorOf(run, registry, signal);
    last = Number.POSITIVE_INFINITY;
    if (run !== undefined) say(`Following ${nameOf(run)}`);
  }
}

async function successorOf(run: RunEntry, registry: RunRegistry, signal: AbortSignal): Promise<RunEntry | undefined> {
  while (!signal.aborted) {
    const { entries } = registry.list();
    const next = entries.find(({ name, runId }) => name === run.name && runId > run.runId);
    if (next !== undefined) return next;
    await sleep(REGISTRY_POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Reading the registry at every look at the log would be most of the work. */
function pacedCheck(check: () => boolean): () => boolean {
  let nextMs = 0;
  return () => {
    if (performance.now() < nextMs) return false;
    nextMs = performance.now() + REGISTRY_POLL_MS;
    return check();
  };
}

function printer(json: boolean): Show {
  if (json) return (record) => print(toJson(record.fields));
  const printer = new LogPrinter(new Paint(process.stdout));
  return (record) => print(printer.show(record));
}

function filterOf({ module, level, since, grep }: LogOptions): LogFilter {
  if (level !== undefined && !LEVELS.has(level))
    throw new UsageError(`--level takes one of ${[...LEVELS].join(", ")}, got "${level}"`);
  return {
    module,
    level: level as LogLevel | undefined,
    sinceMs: since === undefined ? undefined : parseSince(since, Date.now()),
    pattern: grep === undefined ? undefined : patternOf(grep),
  };
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new UsageError(`--grep takes a regular expression: ${(error as Error).message}`);
  }
}

function countOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`-n takes a number of lines, got "${text}"`);
  return Number(text);
}
