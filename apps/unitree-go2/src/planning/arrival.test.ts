import { expect, test } from "vitest";
import { Arrival, isWithin, toleranceOf } from "./arrival.ts";

test("a goal may ask for more exactness than usual, and never for less: half of a long move is not reached", () => {
  const usual = toleranceOf();
  expect(toleranceOf({ toleranceM: 2.5, toleranceRad: 1.5 })).toEqual(usual);
  expect(toleranceOf({ toleranceM: 0.05, toleranceRad: 0.1 })).toEqual({ metres: 0.05, radians: 0.1 });
});

test("a robot that faces the wrong way has not arrived, on whichever side", () => {
  const tolerance = { metres: 0.2, radians: 0.25 };
  expect(isWithin(0.1, 0.2, tolerance)).toBe(true);
  expect(isWithin(0.1, undefined, tolerance)).toBe(true);
  for (const turnLeft of [1, -1]) expect(isWithin(0.1, turnLeft, tolerance)).toBe(false);
  expect(isWithin(0.3, 0, tolerance)).toBe(false);
});

test("near enough counts after three seconds in a row, and not for a robot that only passes", () => {
  const arrival = new Arrival({ x: 0, y: 0 }, toleranceOf());
  const at = (x: number) => ({ x, y: 0, yaw: 0 });
  expect(arrival.isDone(at(0.15), undefined, 0)).toBe(false);
  expect(arrival.isDone(at(0.15), undefined, 2.9)).toBe(false);
  expect(arrival.isDone(at(0.25), undefined, 2.95)).toBe(false);
  expect(arrival.isDone(at(0.15), undefined, 3)).toBe(false);
  expect(arrival.isDone(at(0.15), undefined, 5.9)).toBe(false);
  expect(arrival.isDone(at(0.15), undefined, 6.1)).toBe(true);
  expect(arrival.isDone(at(0.02), undefined, 7)).toBe(true);
});
