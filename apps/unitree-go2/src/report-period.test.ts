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

test("is never due at 0 Hz", () => {
  expect(dueAt(new ReportPeriod(0), [0, 1e9])).toEqual([]);
});
