import { expect, test } from "vitest";
import { mapOf } from "../../test/grid-drawing.ts";
import { planarDistance } from "../planar-pose.ts";
import { coveragePoints } from "./coverage-points.ts";

/** 12 m by 6 m; a wall without a door shuts off what lies beyond x = 9. */
const map = mapOf(12, 6, 0.1, (x) => x > 9 && x < 9.3);
const robot = { x: 1, y: 1, yaw: 0 };

test("spreads points over the floor that can be reached, with room around each", () => {
  const points = coveragePoints(map, robot, 2);
  expect(points.length).toBeGreaterThan(8);
  for (const [i, point] of points.entries()) {
    expect(point.x).toBeLessThan(8.6);
    for (const other of points.slice(i + 1)) expect(planarDistance(point, other)).toBeGreaterThanOrEqual(2);
  }
  // Wherever one stands, a point is near.
  for (let x = 0.5; x < 8.5; x += 0.5) {
    const nearest = Math.min(...points.map((point) => planarDistance(point, { x, y: 3 })));
    expect(nearest).toBeLessThan(2.1);
  }
});

test("orders them as a round that begins at the robot", () => {
  const points = coveragePoints(map, robot, 2);
  const length = points.slice(1).reduce((sum, point, i) => sum + planarDistance(point, points[i] ?? point), 0);
  expect(planarDistance(points[0] ?? robot, robot)).toBeLessThan(0.2);
  expect(length).toBeLessThan(points.length * 3);
});
