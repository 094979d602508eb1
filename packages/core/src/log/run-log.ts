import { join } from "node:path";
import { pino } from "pino";
import { FileError } from "../errors.ts";
import { fileFault } from "../file-fault.ts";
import { makeDirectory } from "../make-directory.ts";
import { ConsoleSink } from "./console-sink.ts";
import { FileSink } from "./file-sink.ts";
import { LEVEL_RANK, type LogFields, type Logger, type LogLevel } from "./logger.ts";

export interface RunLog extends Logger {
  /** Nothing more is written to standard error; the file goes on. */
  silenceConsole(): void;
}

export interface RunLogOptions {
  readonly runId: string;
  /** Directory of this run's log files; made when missing. */
  readonly logDirectory: string;
  /** Name of the file: one writer per file, merged by time on reading. */
  readonly process: string;
  readonly logLevel: LogLevel;
  readonly consoleLevel: LogLevel | "silent";
  readonly fields: LogFields;
}

const LEVELS: Readonly<Record<number, LogLevel>> = { 20: "debug", 30: "info", 40: "warn", 50: "error" };

/** The log of one process of a run: JSON lines in `<logDirectory>/<process>.jsonl`, and what matters on standard error. */
export function openRunLog(options: RunLogOptions): RunLog {
  makeLogDirectory(options.logDirectory);
  const path = join(options.logDirectory, `${options.process}.jsonl`);
  const console = new ConsoleSink(options.consoleLevel);
  const file = new FileSink(path, undefined, (error) => console.write("error", lossLine(path, error)));
  const lowest =
    LEVEL_RANK[options.logLevel] <= LEVEL_RANK[options.consoleLevel]
      ? options.logLevel
      : (options.consoleLevel as LogLevel);
  const write = (line: string) => {
    const level = levelOf(line);
    if (LEVEL_RANK[level] >= LEVEL_RANK[options.logLevel]) file.write(line);
    console.write(level, line);
  };
  const base = { run: options.runId, pid: process.pid, ...options.fields };
  const logger = pino(
    {
      level: lowest,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (_label, number) => ({ level: LEVELS[number] ?? "info" }) },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    { write },
  );
  return { ...adapt(logger), silenceConsole: () => console.silence() };
}

function makeLogDirectory(path: string): void {
  try {
    makeDirectory(path);
  } catch (error) {
    throw new FileError(`The log directory ${path} cannot be made: ${fileFault(error)}`, error);
  }
}

/** What people see at once; the log itself says it when it can be written again. */
function lossLine(path: string, error: unknown): string {
  const msg = `Lines of the log are lost, and the run goes on: ${path} cannot be written: ${fileFault(error)}`;
  return JSON.stringify({ time: new Date().toISOString(), msg });
}

interface PinoLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): PinoLogger;
}

function adapt(logger: PinoLogger): Logger {
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    child: (fields) => adapt(logger.child(fields)),
  };
}

/** pino writes the level first: `{"level":"info",...`. */
function levelOf(line: string): LogLevel {
  return line.slice(10, line.indexOf('"', 10)) as LogLevel;
}
