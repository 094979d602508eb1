import { expect, it } from "vitest";
import { z } from "zod";
import { message } from "../message.ts";
import { Module } from "./module.ts";
import { optional, spec } from "./refs.ts";
import { shapeOf } from "./shape.ts";

const source = import.meta.url;

it.each([
  ["an imported class that is not there yet", undefined],
  ["an optional one of it", optional(undefined as never)],
  ["a class that is no module", class {}],
  ["a spec of no methods", spec()()],
])("refuses a reference to %s, where the class is declared (C4)", (_, target) => {
  expect(() => Module({ source, refs: { planner: target as never } })).toThrow(
    /reference "planner" needs a module class, or spec<T>\(\)\("method"\) with the methods it calls\./,
  );
});

it("refuses a group for a module with a worker of its own (E1)", () => {
  expect(() => Module({ source, group: "nav", actuator: true })).toThrow(
    'a module has a worker of its own or shares one with its group "nav", not both',
  );
  class Planner extends Module({ source, group: "nav" }) {}
  class Alone extends Module({ source, dedicatedWorker: true }, Planner) {}
  expect([shapeOf(Planner).group, shapeOf(Alone).group]).toEqual(["nav", undefined]);
});

it("refuses a latched input of an actuator, where the class is declared (I5)", () => {
  const Goal = message("test/Goal", z.object({ x: z.number() }), { qos: { keep: "latest", latched: true } });
  const sentence =
    'input "goal" of an actuator is latched (test/Goal), but an actuator gets nothing that was published before it started, or before an emergency stop was reset. Write { type: Goal, qos: { ...Goal.qos, latched: false } }, or take it in a module that is no actuator';
  class Base extends Module({ source, inputs: { goal: Goal } }) {}
  expect(() => Module({ source, inputs: { goal: Goal }, actuator: true })).toThrow(sentence);
  expect(() => Module({ source, inouts: { goal: Goal }, actuator: true })).toThrow(sentence);
  expect(() => Module({ source, actuator: true }, Base)).toThrow(sentence);
  const goal = { type: Goal, qos: { ...Goal.qos, latched: false } };
  class Wheels extends Module({ source, inputs: { goal }, outputs: { reached: Goal }, actuator: true }, Base) {}
  expect(shapeOf(Wheels).ports.map(({ qos }) => qos.latched)).toEqual([false, true]);
});
