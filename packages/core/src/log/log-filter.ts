import { LEVEL_RANK, type LogLevel } from "./logger.ts";
import type { LogRecord } from "./read-run-log.ts";

export interface LogFilter {
  readonly module?: string | undefined;
  /** This level and worse. */
  readonly level?: LogLevel | undefined;
  /** Milliseconds since the Unix epoch; older lines are left out. */
  readonly sinceMs?: number | undefined;
  /** Looked for in the message and in the error. */
  readonly pattern?: RegExp | undefined;
}

export function passes(record: LogRecord, { module, level, sinceMs, pattern }: LogFilter): boolean {
  if (module !== undefined && record.module !== module) return false;
  if (level !== undefined && LEVEL_RANK[record.level] < LEVEL_RANK[level]) return false;
  if (sinceMs !== undefined && record.timeMs < sinceMs) return false;
  return pattern === undefined || pattern.test(record.text);
}
