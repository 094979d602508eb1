import { printable, printableLines } from "@dimos/rpc";
import { isRecord } from "../config/is-record.ts";
import type { LogLevel } from "./logger.ts";

/** A line of a log, as far as people are shown it. */
export interface ShownRecord {
  /** Since the Unix epoch. */
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How the parts of a line look. */
export interface LogPaint {
  dim(text: string): string;
  cyan(text: string): string;
  level(level: LogLevel): string;
}

/** Fields that a line shows in its own way, or that say nothing to people. */
const SHOWN: ReadonlySet<string> = new Set(["level", "time", "run", "pid", "module", "worker", "msg", "err"]);
/** Begins every line of an entry but its first, which begins with a time: none of a message can pass for an entry. */
const INDENT = "  ";

const PLAIN: LogPaint = { dim: (text) => text, cyan: (text) => text, level: (level) => level.padEnd(5) };

/**
 * Log lines for people: `14:00:01.250+02:00 warn  Camera: message  key=value`, and the stack of an error below it. Times
 * are local, with their offset from UTC. Wherever the day is another than that of the line before, it is said first.
 */
export class LogLines {
  readonly #paint: LogPaint;
  #day: string | undefined;

  /** @param sinceMs whoever reads knows this day: it is said of another one only. Default: it is said first */
  constructor(paint: LogPaint = PLAIN, sinceMs?: number) {
    this.#paint = paint;
    this.#day = sinceMs === undefined ? undefined : new LocalTime(sinceMs).day;
  }

  /** With the line end. No control character is in it but line ends, tabs and what the paint adds. */
  format({ timeMs, level, fields }: ShownRecord): string {
    const paint = this.#paint;
    const { day, time } = new LocalTime(timeMs);
    const news = day === this.#day ? "" : `${paint.dim(day)}\n`;
    this.#day = day;
    const who = fields.module ?? fields.worker;
    const subject = who === undefined ? "" : `${paint.cyan(printable(textOf(who)))}: `;
    const message = printableLines(textOf(fields.msg ?? ""), INDENT);
    const rest = Object.entries(fields)
      .filter(([name]) => !SHOWN.has(name))
      .map(([name, value]) => `  ${paint.dim(printable(`${name}=${textOf(value)}`))}`);
    return `${news}${paint.dim(time)} ${paint.level(level)} ${subject}${message}${rest.join("")}\n${traceOf(fields.err)}`;
  }
}

/** A moment as the clock on the wall shows it. */
class LocalTime {
  /** `2026-11-30`. */
  readonly day: string;
  /** `14:00:01.250+02:00`; `Z` where the clock shows UTC. */
  readonly time: string;

  constructor(timeMs: number) {
    const date = new Date(timeMs);
    this.day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => padded(part)).join("-");
    const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => padded(part)).join(":");
    this.time = `${clock}.${padded(date.getMilliseconds(), 3)}${offsetOf(-date.getTimezoneOffset())}`;
  }
}

/** Question marks for what is no number: the time of a broken line. */
function padded(part: number, width = 2): string {
  return Number.isNaN(part) ? "?".repeat(width) : String(part).padStart(width, "0");
}

function offsetOf(minutes: number): string {
  if (Number.isNaN(minutes) || minutes === 0) return "Z";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? "-" : "+"}${padded(hours)}:${padded(rest)}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : String(JSON.stringify(value));
}

function traceOf(err: unknown): string {
  if (!isRecord(err)) return "";
  const text = err.stack ?? err.message;
  return text === undefined ? "" : `${INDENT}${printableLines(textOf(text), INDENT)}\n`;
}
