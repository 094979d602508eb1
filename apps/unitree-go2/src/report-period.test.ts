import { expect, test } from "vitest";
import { ReportPeriod } from "./report-period.ts";

const dueAt = (period: ReportPeriod, times: number[]) => times.filter((time) => period.isDue(time));

test("is due at once, and then in every period", () => {
  const times = Array.from({ length: 16 }, (_, i) => 1000 + i * 20);
  expect(dueAt(new ReportPeriod(10), times)).toEqual([1000, 1100, 1200, 1300]);
});

test("keeps its rate when every look comes a little late or early", () => {
  expect(dueAt(new ReportPeriod(10), [0, 99.7, 203, 299, 300, 420])).toEqual([0, 99.7, 203, 300, 420]);
});

test("does not make up for what was missed", () => {
  expect(dueAt(new ReportPeriod(10), [0, 1000, 1020, 1090, 1100])).toEqual([0, 1000, 1100]);
});

test.each([-3_600_000, -600_000, 3_600_000])(
  "goes on at its rate when the clock it is told jumps by %i ms (K2)",
  (byMs) => {
    const period = new ReportPeriod(10);
    const before = dueAt(period, [5_000_000, 5_000_050, 5_000_100]);
    const after = dueAt(
      period,
      Array.from({ length: 11 }, (_, i) => 5_000_120 + byMs + i * 50),
    );
    expect([before.length, after.length]).toEqual([2, 6]);
  },
);

test("is never due at 0 Hz", () => {
  expect(dueAt(new ReportPeriod(0), [0, 1e9])).toEqual([]);
});
