import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Condition } from "./condition.ts";
import { ResultsFile } from "./results.ts";
import { tableOf, withTable } from "./table.ts";

const conditions: readonly Condition[] = ["one", "two", "three"].map((id) => ({
  ...{ id, what: `${id} fails`, boundMs: 600 },
  trial: () => Promise.reject(new Error("not in this test")),
}));

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "table-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("the table has every condition that was measured, over passes, and hides no trial that failed", () => {
  const path = join(directory, "results.json");
  const samples = (...times: number[]) => times.map((stoodMs) => ({ load: 1, stoodMs }));
  new ResultsFile(path).put("one", "quiet", samples(410.4, 100, 300));
  const later = new ResultsFile(path);
  later.put("one", "busy", samples(900));
  later.put("two", "quiet", [...samples(10, 20), { load: 1, failed: "The robot moved again" }]);
  const rows = tableOf(conditions, new ResultsFile(path)).split("\n").slice(2);
  expect(rows).toEqual([
    "| one fails | 3 | 300 | 410 | 600 | 1 | 900 |",
    "| two fails | 2 | 10 | failed | 600 |  |  |",
  ]);
});

test("a page without a place for the table is not written", () => {
  const page = "before\n<!-- pnpm test:safety --write -->\nold\n<!-- end of the table -->\nafter";
  expect(withTable(page, "new")).toBe(
    "before\n<!-- pnpm test:safety --write -->\n\nnew\n\n<!-- end of the table -->\nafter",
  );
  expect(() => withTable("no marks", "new")).toThrow("There is no place for the table");
});
