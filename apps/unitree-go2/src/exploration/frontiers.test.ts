import { expect, test } from "vitest";
import { drawnMap } from "../../test/grid-drawing.ts";
import { PlanningGrid } from "../planning/planning-grid.ts";
import { findFrontiers, knownFloor } from "./frontiers.ts";

const robot = { x: 1.25, y: 1.75, yaw: 0 };

/** Half a metre a cell; the robot is in the third column, in the middle row of seven. */
function gridOf(rows: readonly string[]): PlanningGrid {
  return new PlanningGrid(drawnMap(rows, 0.5), robot, [robot]);
}

const twoSides = [
  "##############", //
  "#........?????",
  "#........?????",
  "#........?????",
  "#........?????",
  "#........?????",
  "##############",
];

test("finds where known floor ends, how far that is and what may lie behind", () => {
  const [frontier, ...others] = findFrontiers(gridOf(twoSides), robot, 0.1);
  expect(others).toEqual([]);
  expect(frontier?.goal).toEqual({ x: 4.25, y: 1.75 });
  expect(frontier?.distance).toBeCloseTo(3, 5);
  // The robot does not drive along the walls, so the frontier ends one cell before them.
  expect(frontier?.length).toBe(1.5);
  expect(frontier?.gain).toBeGreaterThan(3);
});

test("takes two openings for two frontiers", () => {
  const grid = gridOf([
    "??????????????", //
    "#...####...###",
    "#............#",
    "#............#",
    "#............#",
    "#............#",
    "##############",
  ]);
  const goals = findFrontiers(grid, robot, 0.1).map(({ goal }) => goal.x);
  expect(goals.toSorted((a, b) => a - b)).toEqual([1.25, 4.75]);
});

test("leaves specks alone, and frontiers behind walls", () => {
  expect(
    findFrontiers(
      gridOf([
        "##############", //
        "#......#...???",
        "#......#...???",
        "#...?..#...???",
        "#......#...???",
        "#......#...???",
        "##############",
      ]),
      robot,
      0.3,
    ),
  ).toEqual([]);
});

test("does not take a gap for a way that is too narrow for the robot", () => {
  const grid = gridOf([
    "##############", //
    "#......#??????",
    "#......#??????",
    "#.......??????",
    "#......#??????",
    "#......#??????",
    "##############",
  ]);
  expect(findFrontiers(grid, robot, 0.1)).toEqual([]);
});

test("measures the known floor without what stands on it", () => {
  expect(knownFloor(gridOf(twoSides))).toBe(40 * 0.25);
});
