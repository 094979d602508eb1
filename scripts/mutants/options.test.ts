import { expect, it } from "vitest";
import { choose, parseOptions } from "./options.ts";
import type { ListedMutant } from "./read-list.ts";

const mutants: readonly ListedMutant[] = ["guard", "planner", "map", "estop", "arm"].map((name, index) => ({
  area: index % 2 === 0 ? "robot" : "core",
  file: `src/${name}.ts`,
  find: "a",
  replace: "b",
  wrong: `the ${name} does not work`,
  tests: [`src/${name}.test.ts`],
}));
const chosen = (...args: string[]) => choose(mutants, parseOptions(args)).map(({ file }) => file.slice(4, -3));

it("chooses those that have every word, in whatever case", () => {
  expect(chosen()).toHaveLength(5);
  expect(chosen("Robot")).toEqual(["guard", "map", "arm"]);
  expect(chosen("robot", "GUARD")).toEqual(["guard"]);
  expect(chosen("guard", "planner")).toEqual([]);
  expect(chosen("core: the planner")).toEqual(["planner"]);
});

it("parts that run on several machines make up the whole, once", () => {
  const parts = [1, 2, 3].map((part) => chosen("--shard", `${part}/3`));
  expect(parts).toEqual([["guard", "estop"], ["planner", "arm"], ["map"]]);
  expect(chosen("core", "--shard=2/2")).toEqual(["estop"]);
});

it.each([
  [["--jobs", "8"], '--jobs is "8": name 1 or 2'],
  [["--shard", "5/4"], '--shard is "5/4": name a part'],
  [["--shard", "0/4"], '--shard is "0/4"'],
  [["--shard", "half"], '--shard is "half"'],
  [["--bail"], "--bail"],
])("refuses %j", (args, reason) => {
  expect(() => parseOptions(args)).toThrow(reason);
});
