import { expect, test } from "vitest";
import { blueprintPackage, packageTree } from "../test/package-tree.ts";
import { discover } from "./discover.ts";

const COUNT = 300;

test("G1 scans a project with 300 dependencies, of which a few have to do with dimos", () => {
  const names = Array.from({ length: COUNT }, (_, index) => `dependency-${index}`);
  const root = packageTree({
    "package.json": { name: "bot", dependencies: Object.fromEntries(names.map((name) => [name, "1"])) },
    ...Object.fromEntries(names.map((name, index) => [`node_modules/${name}/package.json`, manifest(name, index)])),
  });
  // The bound of 50 ms is for an idle machine; what a test can hold is that the work grows with the dependencies only.
  const { entries, warnings } = discover({ from: root });
  expect(entries).toHaveLength(COUNT / 10);
  expect(warnings).toEqual([]);
});

function manifest(name: string, index: number): object {
  if (index % 10 === 0) return blueprintPackage(name, name, "run");
  return { name, version: "1.0.0", description: "x".repeat(2000), exports: { ".": "./index.js" } };
}
