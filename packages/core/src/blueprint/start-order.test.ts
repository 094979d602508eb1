import { expect, it } from "vitest";
import { startOrder } from "./start-order.ts";

it("puts providers before what refers to them, and independent ones together", () => {
  const needs = new Map([
    ["skills", ["planner", "camera"]],
    ["planner", ["map"]],
    ["camera", []],
    ["map", ["elsewhere"]],
  ]);
  expect(startOrder(needs)).toEqual([["camera", "map"], ["planner"], ["skills"]]);
});

it("starts modules that refer to each other together, after what they need", () => {
  const needs = new Map([
    ["consumer", ["a"]],
    ["a", ["b"]],
    ["b", ["a", "base"]],
    ["base", []],
  ]);
  expect(startOrder(needs)).toEqual([["base"], ["a", "b"], ["consumer"]]);
});
