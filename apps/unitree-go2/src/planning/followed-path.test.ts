import { expect, test } from "vitest";
import { mapOf } from "../../test/grid-drawing.ts";
import { FollowedPath } from "./followed-path.ts";
import { PlanningGrid } from "./planning-grid.ts";

const away = { x: -90, y: -90, yaw: 0 };
const gridWith = (isOccupied: (x: number, y: number) => boolean) =>
  new PlanningGrid(mapOf(8, 8, 0.05, isOccupied), away, [{ x: 4, y: 4 }]);
const open = gridWith(() => false);
const straight = Array.from({ length: 51 }, (_, i) => ({ x: 1 + i * 0.1, y: 4 }));

test("knows how far along and how far off the path the robot is", () => {
  const path = new FollowedPath(straight, open);
  expect(path.length).toBeCloseTo(5, 9);
  expect(path.update({ x: 2, y: 4.3 })).toBeCloseTo(0.3, 9);
  expect(path.remaining({ x: 2, y: 4.3 })).toBeCloseTo(4, 9);
  expect(path.ahead(0.5).x).toBeCloseTo(2.5, 9);
  expect(path.ahead(99)).toEqual(path.end);
});

test("does not jump ahead to where the path comes back near itself", () => {
  const there = Array.from({ length: 31 }, (_, i) => ({ x: 1 + i * 0.1, y: 4 }));
  const back = there.map(({ x }) => ({ x, y: 4.2 })).reverse();
  const path = new FollowedPath([...there, ...back], open);
  path.update({ x: 1.2, y: 4.15 });
  expect(path.remaining({ x: 1.2, y: 4.15 })).toBeGreaterThan(5);
});

test("is clear until an obstacle comes near the part of it that lies within 3 m ahead", () => {
  const path = new FollowedPath(straight, open);
  path.update({ x: 1, y: 4 });
  const boxAt = (centre: number) => gridWith((x, y) => Math.abs(x - centre) < 0.1 && Math.abs(y - 4) < 0.1);
  expect(path.isClear(open)).toBe(true);
  expect(path.isClear(boxAt(3.5))).toBe(false);
  expect(path.isClear(boxAt(5))).toBe(true);
  path.update({ x: 2.4, y: 4 });
  expect(path.isClear(boxAt(5))).toBe(false);
});

test("stays clear where it was planned close to an obstacle", () => {
  const tight = gridWith((_, y) => y > 4.2);
  expect(new FollowedPath(straight, tight).isClear(tight)).toBe(true);
});
