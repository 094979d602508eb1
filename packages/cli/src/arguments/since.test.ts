import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseSince } from "./since.ts";

/** In Kolkata it is 17:30 then, five and a half hours later than in Greenwich. */
const NOW_MS = Date.UTC(2026, 10, 22, 12);
const zone = process.env.TZ;

beforeEach(() => {
  process.env.TZ = "Asia/Kolkata";
});

afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const utc = (day: number, hour: number, minute = 0, second = 0, ms = 0) =>
  Date.UTC(2026, 10, day, hour, minute, second, ms);

describe("--since", () => {
  it.each([
    ["10m", NOW_MS - 600_000],
    ["1.5h", NOW_MS - 5_400_000],
    ["2 d", NOW_MS - 172_800_000],
    ["2026-11-22T10:00:00Z", utc(22, 10)],
    ["2026-11-22T10:00:00.250+02:00", utc(22, 8, 0, 0, 250)],
    ["2026-11-22t10:00:00-0330", utc(22, 13, 30)],
    ["2026-11-22T10:00", utc(22, 4, 30)],
    ["2026-11-22 10:00:05", utc(22, 4, 30, 5)],
    ["2026-11-22", utc(21, 18, 30)],
    ["17:30", utc(22, 12)],
    ["10:00", utc(22, 4, 30)],
    ["17:31", utc(21, 12, 1)],
    ["17:29:59.250+05:30", utc(22, 11, 59, 59, 250)],
    ["11:00Z", utc(22, 11)],
    ["01:00:00.000+14:00", utc(22, 11)],
    ["23:00-12:00", utc(22, 11)],
  ])("%s is read, as local time where it has no zone", (text, ms) => {
    expect(new Date(parseSince(text, NOW_MS)).toISOString()).toBe(new Date(ms).toISOString());
  });

  it.each([
    ...["", "-10m", "<10m", "1,5h", "½h", "1h30", "10 minutes", "2-3s", "1e3", "0x10", "٣", "∞", "NaN", "50%"],
    ...["last 5", "about 10", "yesterday 3", "5/6", "2026-13-01", "2026-11-31", "2026-11-22T25:00", "2026-11-22T"],
    ...["2026-11-22Z", "2026-11-22 Z", "25:00", "9:00", "10:00+25", "+02:00", "Z"],
  ])("%j is refused: it is no time", (text) => {
    expect(() => parseSince(text, NOW_MS)).toThrow(
      "--since takes a time ago such as 10m, a time such as 14:03, or a date such as 2026-11-22T10:00, got ",
    );
  });
});
