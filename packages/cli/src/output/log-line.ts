import { LogLines, type LogRecord } from "@dimos/core/runs";
import type { Paint } from "./paint.ts";
import { Shown } from "./shown.ts";

/** Shows the records of a log, one after the other. */
export class LogPrinter {
  readonly #lines: LogLines;

  /** @param sinceMs a day that whoever reads knows; default: that of the first line is said */
  constructor(paint: Paint, sinceMs?: number) {
    this.#lines = new LogLines(paint.log, sinceMs);
  }

  show(record: LogRecord): Shown {
    return Shown.own(this.#lines.format(record));
  }
}
