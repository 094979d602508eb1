import { expect, test } from "vitest";
import { drawnMap } from "../../test/grid-drawing.ts";
import { aStar } from "./a-star.ts";
import { PlanningGrid } from "./planning-grid.ts";

const rows = [
  ".......", //
  ".####..",
  "....#..",
  ".##.#..",
  "....#..",
];
const grid = new PlanningGrid(drawnMap(rows, 1), { x: -9, y: -9, yaw: 0 }, [{ x: 3, y: 3 }]);
const costs = Float32Array.from(grid.values, (value) => (value === 100 ? 0 : 1));
const cell = (x: number, y: number) => grid.cellAt(x + 0.5, y + 0.5);
const always = { canStopAt: () => true };
const xy = (cells: readonly number[]) => cells.map((c) => [grid.centreOf(c).x - 0.5, grid.centreOf(c).y - 0.5]);

test("finds the shortest way, without cutting the corners of obstacles", () => {
  const { cells, reachesGoal } = aStar(grid, costs, cell(0, 0), cell(3, 2), always);
  expect(reachesGoal).toBe(true);
  expect(xy(cells)).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
    [3, 0],
    [3, 1],
    [3, 2],
  ]);
});

test("takes the longer way when the short one costs more", () => {
  const dear = costs.slice();
  dear[cell(3, 1)] = 50;
  const { cells } = aStar(grid, dear, cell(0, 0), cell(3, 2), always);
  expect(xy(cells)).toContainEqual([1, 2]);
});

test("leads to the nearest cell where it may stop when the goal cannot be reached", () => {
  const walled = costs.slice();
  for (let y = 0; y < 5; y++) walled[cell(4, y)] = 0;
  walled[cell(5, 4)] = 0;
  const found = aStar(grid, walled, cell(0, 0), cell(6, 2), always);
  expect(found.reachesGoal).toBe(false);
  expect(xy(found.cells).at(-1)).toEqual([3, 2]);
  expect(found.visited).toBe(15);
  const choosy = aStar(grid, walled, cell(0, 0), cell(6, 2), { canStopAt: (c) => c !== cell(3, 2) });
  expect(xy(choosy.cells).at(-1)).toEqual([3, 1]);
});

test("does not look at ways longer than allowed", () => {
  const found = aStar(grid, costs, cell(3, 2), cell(5, 2), { ...always, maxLength: 5 });
  expect(found.reachesGoal).toBe(false);
  expect(aStar(grid, costs, cell(3, 2), cell(5, 2), always).reachesGoal).toBe(true);
});

test("takes a straight way in any direction that is as long as allowed", () => {
  const open = new PlanningGrid(drawnMap(Array(30).fill(".".repeat(30)), 1), { x: -9, y: -9, yaw: 0 }, [
    { x: 3, y: 3 },
  ]);
  const flat = new Float32Array(open.values.length).fill(1);
  const goal = open.cellAt(24.5, 10.5);
  const found = aStar(open, flat, open.cellAt(0.5, 0.5), goal, { ...always, maxLength: Math.hypot(24, 10) });
  expect(found.reachesGoal).toBe(true);
});
