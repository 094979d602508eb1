export type LogLevel = "debug" | "info" | "warn" | "error";

/** How much a level matters; `silent` matters more than anything that is written. */
export const LEVEL_RANK: Readonly<Record<LogLevel | "silent", number>> = {
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  silent: 100,
};

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log lines. `err` among the fields is an error and is written with its stack and causes. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}
