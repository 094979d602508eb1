import { expect, test } from "vitest";
import { drawnMap, mapOf } from "../../test/grid-drawing.ts";
import { COMFORT_M, COST_WEIGHT, INFLATION_M, UNKNOWN_COST } from "./planner-constants.ts";
import { PlanningGrid } from "./planning-grid.ts";
import { stepCosts } from "./step-cost.ts";

const away = { x: -90, y: -90, yaw: 0 };

test("is padded with unknown cells so that it holds the points asked for", () => {
  const grid = new PlanningGrid(drawnMap(["..", ".#"], 1), away, [
    { x: 0.5, y: 0.5 },
    { x: 4.5, y: -2.5 },
  ]);
  expect(grid.cellAt(4.5, -2.5)).toBeGreaterThanOrEqual(0);
  expect(grid.isKnown(grid.cellAt(4.5, -2.5))).toBe(false);
  expect(grid.values[grid.cellAt(1.5, 0.5)]).toBe(100);
  expect(grid.isKnown(grid.cellAt(0.5, 1.5))).toBe(true);
  expect(grid.cellAt(40, 0)).toBe(-1);
  const { x, y } = grid.centreOf(grid.cellAt(1.5, 0.5));
  expect([x, y]).toEqual([1.5, 0.5]);
});

test("has nothing where the robot stands, whichever way it faces, and something right beside it", () => {
  const map = mapOf(4, 4, 0.05, () => true);
  const grid = new PlanningGrid(map, { x: 2, y: 2, yaw: Math.PI / 2 }, [{ x: 2, y: 2 }]);
  expect(grid.obstacles[grid.cellAt(2, 2.22)]).toBe(0);
  expect(grid.obstacles[grid.cellAt(2.12, 2)]).toBe(0);
  expect(grid.obstacles[grid.cellAt(2.22, 2)]).toBe(1);
  expect(grid.obstacles[grid.cellAt(2, 2.32)]).toBe(1);
});

test("knows the clearance to the surface of obstacles, and none to speak of off the map", () => {
  const grid = new PlanningGrid(
    mapOf(4, 4, 0.05, (x) => x > 3),
    away,
    [{ x: 1, y: 1 }],
  );
  expect(grid.clearanceAt(2.02, 1)).toBeCloseTo(0.975, 5);
  expect(grid.clearanceAt(-5, 1)).toBe(Number.POSITIVE_INFINITY);
});

test("costs nothing far from obstacles, more near them, much where nobody has seen, and is closed at the inflation", () => {
  const map = mapOf(4, 4, 0.05, (x) => x > 3);
  const data = Int8Array.from(map.data, (value, i) => (i % 80 < 20 ? -1 : value));
  const grid = new PlanningGrid({ ...map, data }, away, [{ x: 1, y: 1 }]);
  const costs = stepCosts(grid, []);
  const at = (x: number) => costs[grid.cellAt(x, 2)] as number;
  expect(at(0.5)).toBeCloseTo(1 + COST_WEIGHT * UNKNOWN_COST, 4);
  expect(at(3 - COMFORT_M - 0.1)).toBe(1);
  expect(at(2.5)).toBeGreaterThan(at(2.4));
  expect(at(3 - INFLATION_M + 0.03)).toBe(0);
  const opened = stepCosts(grid, [{ x: 2.75, y: 2, radius: 0.5, clearance: 0.15 }]);
  expect(opened[grid.cellAt(2.8, 2)]).toBe(1 + 2 * COST_WEIGHT);
  expect(opened[grid.cellAt(2.9, 2)]).toBe(0);
});

test.each([
  { resolution: Number.NaN },
  { resolution: Number.POSITIVE_INFINITY },
  { resolution: 0 },
  { resolution: 1e-6 },
  { width: 3 },
  { width: Number.NaN },
  { origin: { position: { x: Number.NaN, y: 0 } } },
])("refuses a map with %o, whoever plans on it", (wrong) => {
  const { info, data } = drawnMap(["..", ".#"], 1);
  const points = [{ x: 0.5, y: 0.5 }];
  expect(() => new PlanningGrid({ info: { ...info, ...wrong }, data }, away, points)).toThrow(/cannot be planned on/);
});

test.each([1e9, Number.NaN, Number.POSITIVE_INFINITY])("does not grow without bound to a point at x = %d", (x) => {
  expect(() => new PlanningGrid(drawnMap(["..", ".#"], 1), away, [{ x, y: 0 }])).toThrow(
    /is .* outside the map, too far to plan/,
  );
});
