import { describe, expect, it } from "vitest";
import { RateLimit } from "./rate-limit.ts";

function passed(limit: RateLimit, timesMs: readonly number[]): number[] {
  return timesMs.filter((timeMs) => limit.allows(timeMs));
}

describe("RateLimit", () => {
  it("gives the asked rate of a source that does not divide by it", () => {
    const thirtyHz = Array.from({ length: 300 }, (_, index) => index * 33.333);
    const times = passed(new RateLimit(10), thirtyHz);
    expect(Math.abs(times.length - 100)).toBeLessThanOrEqual(1);
  });

  it.each([-3_600_000, -600_000, 3_600_000])("goes on at its rate when stamps jump by %i ms (K2)", (byMs) => {
    const limit = new RateLimit(10);
    expect(passed(limit, [5_000_000, 5_000_050, 5_000_100]).length).toBe(2);
    const after = Array.from({ length: 11 }, (_, index) => 5_000_120 + byMs + index * 50);
    expect(passed(limit, after).length).toBe(6);
  });

  it("lets no burst through after a pause", () => {
    expect(passed(new RateLimit(10), [0, 1, 2, 10_000, 10_001, 10_050, 10_099, 10_100])).toEqual([0, 10_000, 10_100]);
  });
});
