import { describe, expect, it } from "vitest";
import { parseDuration, parseSince } from "./durations.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 12);

describe("a time on the command line", () => {
  it.each([
    ["90", 90_000],
    ["30s", 30_000],
    ["10m", 600_000],
    ["1.5h", 5_400_000],
    ["200ms", 200],
    ["2 d", 172_800_000],
  ])("%s is read", (text, ms) => {
    expect(parseDuration(text, "--timeout")).toBe(ms);
    expect(parseSince(text, NOW_MS)).toBe(NOW_MS - ms);
  });

  it.each(["", "-10m", "<10m", "1,5h", "½h", "1h30", "10 minutes", "2-3s", "1e3", "0x10", "٣", "∞", "NaN", "50%"])(
    "%j is refused, and never half of it taken",
    (text) => {
      expect(() => parseDuration(text, "--timeout")).toThrow("--timeout takes a time such as 90, 30s, 10m");
      expect(() => parseSince(text, NOW_MS)).toThrow("--since takes a time ago such as 10m, or a date such as");
    },
  );

  it.each(["last 5", "about 10", "yesterday 3", "5/6", "2026-13-01", "2026-11-22T25:00"])(
    "%j is no date since which a log is shown",
    (text) => {
      expect(() => parseSince(text, NOW_MS)).toThrow("--since takes a time ago such as 10m, or a date such as");
    },
  );

  it.each([
    ["2026-11-22T10:00:00Z", Date.UTC(2026, 10, 22, 10)],
    ["2026-11-22T10:00:00.250+02:00", Date.UTC(2026, 10, 22, 8, 0, 0, 250)],
    ["2026-11-22T10:00", new Date(2026, 10, 22, 10).getTime()],
    ["2026-11-22 10:00", new Date(2026, 10, 22, 10).getTime()],
  ])("%s is a date", (text, ms) => {
    expect(parseSince(text, NOW_MS)).toBe(ms);
  });
});
