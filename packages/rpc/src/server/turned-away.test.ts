import { expect, test } from "vitest";
import { type TurnedAway, TurnedAwayReports } from "./turned-away.ts";

test("K7 strangers who come from everywhere are counted, and fill no memory", () => {
  const reports: TurnedAway[] = [];
  const turnedAway = new TurnedAwayReports((report) => reports.push(report));
  for (let i = 0; i < 5_000; i++) turnedAway.add(`10.0.${i >> 8}.${i & 255}`);
  turnedAway.add("10.0.0.7");
  expect(reports).toEqual([]);
  turnedAway.flush();
  turnedAway.flush();
  expect(reports).toHaveLength(1);
  expect(reports[0]?.count).toBe(5_001);
  expect([...(reports[0]?.from ?? [])]).toEqual(Array.from({ length: 8 }, (_, i) => [`10.0.0.${i}`, i === 7 ? 2 : 1]));
});
