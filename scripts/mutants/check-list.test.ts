import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { checkList } from "./check-list.ts";
import type { ListedMutant } from "./read-list.ts";

const root = mkdtempSync(join(tmpdir(), "mutants-"));
mkdirSync(join(root, "src"));
writeFileSync(
  join(root, "src/speed.ts"),
  "export const limit = (v: number) => Math.min(v, 1);\nexport const max = 1;\n",
);
writeFileSync(join(root, "src/speed.test.ts"), "");
afterAll(() => rmSync(root, { recursive: true }));

const good: ListedMutant = {
  area: "robot",
  file: "src/speed.ts",
  find: "Math.min(v, 1)",
  replace: "v",
  wrong: "a robot drives as fast as it is told",
  tests: ["src/speed.test.ts"],
};

it("finds nothing wrong with a list that can be run", () => {
  const other = { ...good, replace: "Math.max(v, 1)", wrong: "a robot is never slow" };
  expect(checkList(root, [good, other], 2)).toEqual([]);
});

it.each([
  [
    "a change of the source that took the place away",
    { find: "Math.min(v, 2)" },
    'where "Math.min(v, 2)" is not there: make "find" match the source, once',
  ],
  ["a place that is not the only one", { find: "export" }, 'where "export" is there 2 times'],
  ["nothing to look for", { find: "" }, 'where "" is not there'],
  ["a file that was moved", { file: "src/gone.ts" }, "changes src/gone.ts, which does not exist: name the file"],
  ["a mutation that changes nothing", { replace: good.find }, "changes nothing"],
  ["what the parser notices, and no test", { replace: "Math.(" }, "makes src/speed.ts unreadable"],
  ["a test that was moved", { tests: ["src/gone.test.ts"] }, "names src/gone.test.ts, which does not exist"],
  ["a test that is none", { tests: ["src/speed.ts"] }, "names src/speed.ts, which is no test file"],
  ["no test", { tests: [] }, "names no test"],
  ["a test that is named twice", { tests: [...good.tests, ...good.tests] }, "names a test twice"],
  ["no word of what would go wrong", { wrong: " " }, "does not say what would go wrong"],
])("refuses %s, and says what to do", (_, change, problem) => {
  const [found, ...rest] = checkList(root, [{ ...good, ...change }], 1);
  expect(found).toMatch(/^scripts\/mutants\/list\/robot\.ts: "/);
  expect([found, rest]).toEqual([expect.stringContaining(problem), []]);
});

it("tells all that is wrong at once", () => {
  const again = { ...good, area: "safety", wrong: "the same" };
  expect(checkList(root, [good, again, { ...good, file: "src/gone.ts" }], 4)).toEqual([
    'scripts/mutants/list/safety.ts: "the same" is the same change as "a robot drives as fast as it is told" in robot.ts: delete one',
    expect.stringContaining("which does not exist"),
    "scripts/mutants/list has 3 mutations, which is fewer than 4: add some",
  ]);
});
