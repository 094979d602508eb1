import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { LogLines } from "./log-lines.ts";
import { LEVEL_RANK, type LogLevel } from "./logger.ts";

const STDERR = 2;
/** A program may have a line of progress on its terminal: it writes that again when there is more to say. */
const LINE_START = isatty(STDERR) ? "\r\x1b[2K" : "";

/** Log lines for people, on standard error, as `LogLines` writes them. Whoever started the run knows the day. */
export class ConsoleSink {
  readonly #lines: LogLines;
  #level: LogLevel | "silent";

  constructor(level: LogLevel | "silent") {
    this.#level = level;
    this.#lines = new LogLines(undefined, Date.now());
  }

  write(level: LogLevel, line: string): void {
    if (LEVEL_RANK[level] < LEVEL_RANK[this.#level]) return;
    const fields = JSON.parse(line) as { readonly time: string };
    const text = this.#lines.format({ timeMs: Date.parse(fields.time), level, fields });
    try {
      writeSync(STDERR, `${LINE_START}${text}`);
    } catch {
      // A terminal that is gone, or a pipe that is full or closed: the line is in the file.
    }
  }

  silence(): void {
    this.#level = "silent";
  }
}
