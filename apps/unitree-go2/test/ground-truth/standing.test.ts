import { expect, test } from "vitest";
import { lastMovedAfter, type Moment } from "./standing.ts";

/** A report every 20 ms: speeds in m/s from 1000 ms on. */
function reports(...speeds: readonly number[]): Moment[] {
  return speeds.map((speed, i) => ({ atMs: 1000 + 20 * i, speed, turning: 0 }));
}

const standing = (count: number) => Array.from({ length: count }, () => 0);

test("a robot that walks on has not stood", () => {
  expect(lastMovedAfter(reports(0.5, 0.5, 0.5, 0.5), 1010, 40)).toBeUndefined();
});

test("the time until a robot stood ends with the last report of movement", () => {
  expect(lastMovedAfter(reports(0.5, 0.5, 0.3, ...standing(4)), 1010, 60)).toBe(30);
});

test("a robot that stops and sets off again has not stood in between", () => {
  expect(lastMovedAfter(reports(0.5, ...standing(3), 0.5, ...standing(6)), 1010, 100)).toBe(70);
});

test("a robot that turns on the spot does not stand", () => {
  const turns = reports(0.5, 0, 0, ...standing(4)).map((moment, i) =>
    i === 2 ? { ...moment, turning: -0.3 } : moment,
  );
  expect(lastMovedAfter(turns, 1010, 60)).toBe(30);
});

test("a robot that stands already takes no time, and is watched all the same", () => {
  expect(lastMovedAfter(reports(0, 0, 0), 1000, 100)).toBeUndefined();
  expect(lastMovedAfter(reports(...standing(7)), 1000, 100)).toBe(0);
});
