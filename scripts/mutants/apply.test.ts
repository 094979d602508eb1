import { expect, it } from "vitest";
import { apply, occurrences, syntaxError } from "./apply.ts";

it("puts the replacement in as it stands, whatever characters it has", () => {
  expect(apply("a = b;\n", { find: "b", replace: "$& $1 $$" })).toBe("a = $& $1 $$;\n");
  expect(apply("one\ntwo\nthree", { find: "one\ntwo\n", replace: "" })).toBe("three");
});

it("counts as a reader does", () => {
  expect([occurrences("aXaXa", "X"), occurrences("aXa", "x"), occurrences("a", "")]).toEqual([2, 0, 0]);
});

it("tells TypeScript from what only looks like it", () => {
  expect(syntaxError("const a: number = 1 satisfies number;")).toBeUndefined();
  expect(syntaxError("const a: = 1;")).toMatch(/unexpected token/i);
});
