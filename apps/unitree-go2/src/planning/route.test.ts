import { expect, test } from "vitest";
import { mapOf } from "../../test/grid-drawing.ts";
import { planarDistance } from "../planar-pose.ts";
import { PlanningGrid } from "./planning-grid.ts";
import { planRoute } from "./route.ts";

const usual = { safeGoalClearance: 0.3 };

function plan(
  isOccupied: (x: number, y: number) => boolean,
  robot: { x: number; y: number },
  goal: { x: number; y: number },
) {
  const start = { ...robot, yaw: 0 };
  const grid = new PlanningGrid(mapOf(8, 8, 0.05, isOccupied), start, [start, goal]);
  return { grid, route: planRoute(grid, start, goal, usual) };
}

test("goes through a door of 0.8 m, in its middle", () => {
  const { grid, route } = plan(
    (x, y) => Math.abs(x - 4) < 0.1 && Math.abs(y - 6) > 0.4,
    { x: 2, y: 2 },
    { x: 6, y: 2 },
  );
  expect(route?.shortfall).toBeUndefined();
  const clearances = route?.path.points.map((p) => grid.clearanceAt(p.x, p.y)) ?? [];
  expect(Math.min(...clearances)).toBeGreaterThan(0.32);
});

test("does not squeeze through a gap of 0.6 m", () => {
  const { route } = plan((x, y) => Math.abs(x - 4) < 0.1 && Math.abs(y - 6) > 0.3, { x: 2, y: 2 }, { x: 6, y: 2 });
  expect(route?.shortfall).toBe("no-way");
  expect(route?.path.end.x).toBeLessThan(3.6);
});

test("comes out of a tight place in which it stands", () => {
  const isOccupied = (x: number, y: number) => x > 3 && x < 4 && Math.abs(y - 4) > 0.32 && Math.abs(y - 4) < 0.5;
  const { route } = plan(isOccupied, { x: 3.5, y: 4 }, { x: 6, y: 4 });
  expect(route?.shortfall).toBeUndefined();
});

test("ends at a safe place beside a goal in an obstacle, and at the same one while it is about as good", () => {
  const isOccupied = (x: number, y: number) => planarDistance({ x, y }, { x: 6, y: 4 }) < 0.5;
  const goal = { x: 6, y: 4 };
  const { grid, route } = plan(isOccupied, { x: 2, y: 4 }, goal);
  expect(route?.shortfall).toBe("goal-occupied");
  expect(planarDistance(route?.target ?? goal, goal)).toBeLessThan(0.9);
  const oldTarget = { x: 6, y: 4.9 };
  const start = { x: 2, y: 4, yaw: 0 };
  expect(planRoute(grid, start, goal, { ...usual, oldTarget })?.target).toEqual(oldTarget);
});

test("has no route when the robot is off the map", () => {
  const grid = new PlanningGrid(
    mapOf(8, 8, 0.05, () => false),
    { x: 1, y: 1, yaw: 0 },
    [{ x: 1, y: 1 }],
  );
  expect(planRoute(grid, { x: 99, y: 1, yaw: 0 }, { x: 2, y: 2 }, usual)).toBeUndefined();
});
