import { UsageError } from "../errors.ts";
import { parseDuration } from "./durations.ts";

const DAY_MS = 86_400_000;
const AGO = /^\d+(\.\d+)?\s*(ms|s|m|h|d)?$/;
const TIME = /^(?<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?<zone>Z|[+-]\d\d:?\d\d)?$/i;
const DATE = /^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<rest>.+))?$/i;

/**
 * Milliseconds since the Unix epoch of `10m` (ago), of a date, or of the last time that a clock showed `14:03`. Without a
 * zone they are local, as the lines of a log are shown.
 */
export function parseSince(text: string, nowMs: number): number {
  if (AGO.test(text)) return nowMs - parseDuration(text, "--since");
  const { day, rest } = DATE.exec(text)?.groups ?? {};
  // A day alone is local as well, which the platform reads as UTC.
  const { time, zone } = TIME.exec(day === undefined ? text : (rest ?? "00:00"))?.groups ?? {};
  const atMs =
    time === undefined ? Number.NaN : day === undefined ? lastTime(time, zone, nowMs) : momentOf(day, time, zone);
  if (!Number.isNaN(atMs)) return atMs;
  throw new UsageError(
    `--since takes a time ago such as 10m, a time such as 14:03, or a date such as 2026-11-22T10:00, got "${text}"`,
  );
}

function lastTime(time: string, zone: string | undefined, nowMs: number): number {
  // In the zone it may be another day than here.
  const days = [1, 0, -1, -2].map((shift) => localDay(nowMs + shift * DAY_MS));
  const moments = days.map((day) => momentOf(day, time, zone));
  return moments.find((atMs) => atMs <= nowMs) ?? Number.NaN;
}

function momentOf(day: string, time: string, zone = ""): number {
  const atMs = Date.parse(`${day}T${time}${zone.toUpperCase().replace(/^(...)(\d\d)$/, "$1:$2")}`);
  // The platform takes the 31st of any month.
  return isDay(day) ? atMs : Number.NaN;
}

function isDay(day: string): boolean {
  const atMs = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(day);
}

function localDay(atMs: number): string {
  const date = new Date(atMs);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}
