import { closeFiles, linesBackward, linesForward, type OpenFile, openFiles } from "./line-files.ts";
import { type LogFilter, passes } from "./log-filter.ts";
import type { LogLevel } from "./logger.ts";

/** One line of a run's log. */
export interface LogRecord {
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly module: string | undefined;
  /** What a search looks at: the message, and the error with its stack. */
  readonly text: string;
  /** Every field as it was written. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const LEVELS: ReadonlySet<unknown> = new Set<LogLevel>(["debug", "info", "warn", "error"]);

/** All lines that pass, oldest first, merged over the files of a run's processes. Never a part of a line. */
export function* readRunLog(directory: string, filter: LogFilter = {}): Generator<LogRecord> {
  const files = openFiles(directory);
  try {
    const writers = [...Map.groupBy(files, (file) => file.name).values()];
    const sources = writers.map((own) => recordsOf(own, linesForward));
    yield* merge(sources, (a, b) => a.timeMs <= b.timeMs, filter);
  } finally {
    closeFiles(files);
  }
}

/** The last lines that pass, oldest of them first; reads no more than it has to. */
export function readLastOfRunLog(directory: string, count: number, filter: LogFilter = {}): LogRecord[] {
  const files = openFiles(directory);
  try {
    return lastRecords(files, count, filter);
  } finally {
    closeFiles(files);
  }
}

export function lastRecords(files: readonly OpenFile[], count: number, filter: LogFilter): LogRecord[] {
  const writers = [...Map.groupBy(files, (file) => file.name).values()];
  const sources = writers.map((own) => recordsOf(own.toReversed(), linesBackward));
  const { sinceMs, ...rest } = filter;
  const found: LogRecord[] = [];
  if (count <= 0) return found;
  for (const record of merge(sources, (a, b) => a.timeMs > b.timeMs, rest)) {
    if (sinceMs !== undefined && record.timeMs < sinceMs) break;
    found.push(record);
    if (found.length === count) break;
  }
  return found.reverse();
}

export function parseRecord(line: string, file: OpenFile): LogRecord | undefined {
  // What a process printed itself, or the system about it: there is no time on it but the file's.
  if (file.name.endsWith(".log")) return line === "" ? undefined : rawRecord(line, file.modifiedMs);
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof fields !== "object" || fields === null) return undefined;
  const { time, level, module, msg, err } = fields;
  return {
    timeMs: typeof time === "string" ? Date.parse(time) : 0,
    level: LEVELS.has(level) ? (level as LogLevel) : "info",
    module: typeof module === "string" ? module : undefined,
    text: [msg, errorText(err)].filter((part) => part !== undefined).join("\n"),
    fields,
  };
}

function errorText(err: unknown): string | undefined {
  if (typeof err !== "object" || err === null) return undefined;
  const { stack, message } = err as { readonly stack?: string; readonly message?: string };
  return stack ?? message;
}

function rawRecord(line: string, timeMs: number): LogRecord {
  const fields = { level: "info", time: new Date(timeMs).toISOString(), worker: "output", msg: line };
  return { timeMs, level: "info", module: undefined, text: line, fields };
}

function* recordsOf(files: readonly OpenFile[], lines: (file: OpenFile) => Iterable<string>): Generator<LogRecord> {
  for (const file of files) {
    for (const line of lines(file)) {
      const record = parseRecord(line, file);
      if (record !== undefined) yield record;
    }
  }
}

/** There are few processes: looking at the head of each is the simplest merge, and fast enough. */
function* merge(
  sources: readonly Iterator<LogRecord>[],
  isFirst: (a: LogRecord, b: LogRecord) => boolean,
  filter: LogFilter,
): Generator<LogRecord> {
  const heads = sources.flatMap((source) => {
    const { value, done } = source.next();
    return done === true ? [] : [{ source, record: value as LogRecord }];
  });
  while (heads.length > 0) {
    const next = heads.reduce((best, head) => (isFirst(best.record, head.record) ? best : head));
    if (passes(next.record, filter)) yield next.record;
    const { value, done } = next.source.next();
    if (done === true) heads.splice(heads.indexOf(next), 1);
    else next.record = value as LogRecord;
  }
}
