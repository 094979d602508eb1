import { expect, it } from "vitest";
import { RestartBudget } from "./restart-budget.ts";

const half = () => 0.5;

it("restarts at once, then waits longer each time, then gives up (E2)", () => {
  const budget = new RestartBudget(undefined, half);
  expect([0, 1, 2, 3, 4, 5].map((atMs) => budget.crashed(atMs, true))).toEqual([0, 100, 200, 400, 800, undefined]);
});

it("begins anew after ten quiet seconds", () => {
  const budget = new RestartBudget(undefined, half);
  for (const atMs of [0, 1, 2, 3, 4]) budget.crashed(atMs, true);
  expect(budget.crashed(10_005, true)).toBe(0);
});

it("does what the module's own policy says", () => {
  expect(new RestartBudget({ policy: "never" }, half).crashed(0, true)).toBeUndefined();
  expect(new RestartBudget({ policy: "on-failure" }, half).crashed(0, false)).toBeUndefined();
  expect(new RestartBudget({ policy: "always" }, half).crashed(0, false)).toBe(0);
  const once = new RestartBudget({ policy: "always", maxRestarts: 1 }, half);
  expect([once.crashed(0, true), once.crashed(1, true)]).toEqual([0, undefined]);
});
