import { describe, expect, it } from "vitest";
import { parseDuration } from "./durations.ts";

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
  });

  it.each(["", "-10m", "<10m", "1,5h", "½h", "1h30", "10 minutes", "2-3s", "1e3", "0x10", "٣", "∞", "NaN", "50%"])(
    "%j is refused, and never half of it taken",
    (text) => {
      expect(() => parseDuration(text, "--timeout")).toThrow("--timeout takes a time such as 90, 30s, 10m");
    },
  );
});
