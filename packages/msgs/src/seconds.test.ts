import { expect, test } from "vitest";
import { secondsFromTime, timeFromSeconds } from "./seconds.ts";

test("splits seconds into whole seconds and nanoseconds", () => {
  expect(timeFromSeconds(12.5)).toEqual({ sec: 12, nsec: 500_000_000 });
  expect(timeFromSeconds(-0.25)).toEqual({ sec: -1, nsec: 750_000_000 });
});

test("carries a fraction that rounds to a whole second", () => {
  expect(timeFromSeconds(0.9999999999)).toEqual({ sec: 1, nsec: 0 });
});

test("comes back as the same seconds", () => {
  for (const seconds of [0, 0.02, 1763.125, -3.5]) {
    expect(secondsFromTime(timeFromSeconds(seconds))).toBeCloseTo(seconds, 9);
  }
});
