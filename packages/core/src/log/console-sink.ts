import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { LEVEL_RANK, type LogLevel } from "./logger.ts";

const STDERR = 2;
/** A program may have a line of progress on its terminal: it writes that again when there is more to say. */
const LINE_START = isatty(STDERR) ? "\r\x1b[2K" : "";

interface LogLine {
  readonly time: string;
  readonly msg: string;
  readonly module?: string;
  readonly worker?: string;
  readonly err?: { readonly stack?: string; readonly message?: string };
}

/** Log lines for people, on standard error: `12:00:01.250 warn Camera: message`. */
export class ConsoleSink {
  #level: LogLevel | "silent";

  constructor(level: LogLevel | "silent") {
    this.#level = level;
  }

  write(level: LogLevel, line: string): void {
    if (LEVEL_RANK[level] < LEVEL_RANK[this.#level]) return;
    const { time, msg, module, worker, err } = JSON.parse(line) as LogLine;
    const who = module ?? worker;
    const trace = err === undefined ? "" : `\n  ${(err.stack ?? err.message ?? "").replaceAll("\n", "\n  ")}`;
    try {
      writeSync(
        STDERR,
        `${LINE_START}${time.slice(11, 23)} ${level} ${who === undefined ? "" : `${who}: `}${msg}${trace}\n`,
      );
    } catch {
      // A terminal that is gone, or a pipe that is full or closed: the line is in the file.
    }
  }

  silence(): void {
    this.#level = "silent";
  }
}
