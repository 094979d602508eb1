import { expect, it } from "vitest";
import { parameterNames } from "./parameter-names.ts";

it.each([
  [async (a: number, b = 2) => a + b, ["a", "b?"]],
  [(pose: { x: number }, ...rest: number[]) => [pose, rest], ["pose", "...rest"]],
  [({ x }: { x: number }, [y]: number[]) => [x, y], ["options", "list"]],
  [(f = (a: number, b: number) => a + b) => f, ["f?"]],
  [() => 1, []],
  [async function named(_first: string) {}, ["_first"]],
])("reads the parameters of %s", (target, names) => {
  expect(parameterNames(target as (...args: never[]) => unknown)).toEqual(names);
});
