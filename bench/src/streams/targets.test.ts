import { expect, test } from "vitest";
import { single, type Table } from "../report.ts";
import { NAMES, SIZE_TITLES } from "./names.ts";
import { targetsTable } from "./targets.ts";

const table = (perSecond: Readonly<Record<string, number>>): Table => ({
  title: SIZE_TITLES["64 KB"],
  rounds: 9,
  peer: NAMES.raw,
  columns: [],
  rows: Object.entries(perSecond).map(([name, value]) => single(name, { perSecond: value })),
});

test("says what was reached and what was missed, beside the best rival, and leaves out what was not measured", () => {
  const measured = table({ [NAMES.raw]: 100, [NAMES.copied]: 210, [NAMES.loan]: 150, NATS: 50, [NAMES.pipe]: 900 });
  const rows = targetsTable([measured]).rows.map((row) => ({
    name: row.name,
    seen: "figures" in row ? row.figures.seen?.median : undefined,
  }));
  expect(rows).toEqual([
    { name: `reached (at least): 64 KB: ${NAMES.copied}, throughput beside ${NAMES.raw}`, seen: 2.1 },
    { name: `**missed** (at least): 64 KB: ${NAMES.loan}, throughput beside ${NAMES.raw}`, seen: 1.5 },
    { name: "reached (at least): 64 KB: throughput by default beside the best rival, NATS", seen: 4.2 },
  ]);
});
