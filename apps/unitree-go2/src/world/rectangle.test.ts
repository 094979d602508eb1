import { expect, test } from "vitest";
import { pointToRectangle, type Rectangle, rectangleToShape } from "./rectangle.ts";
import type { Box, Cylinder } from "./shape.ts";

const look = { bottom: 0, top: 1, color: [0, 0, 0], label: "thing" } as const;
const box = (x: number, y: number, yaw: number, length: number, width: number): Box => ({
  kind: "box",
  x,
  y,
  yaw,
  length,
  width,
  ...look,
});
const robot = (x: number, y: number, yaw: number): Rectangle => ({ x, y, yaw, length: 0.5, width: 0.3 });

test("measures the distance of a point to a turned rectangle", () => {
  expect(pointToRectangle(1, 0, robot(0, 0, 0))).toBeCloseTo(0.75, 12);
  expect(pointToRectangle(1, 0, robot(0, 0, Math.PI / 2))).toBeCloseTo(0.85, 12);
  expect(pointToRectangle(0.1, 0.1, robot(0, 0, 0))).toBe(0);
});

test("measures the gap to a box side by side, corner to side, and corner to corner", () => {
  expect(rectangleToShape(robot(0, 0, 0), box(1.25, 0, 0, 1, 1))).toBeCloseTo(0.5, 12);
  const diagonal = Math.SQRT2 / 2;
  expect(rectangleToShape(robot(0, 0, 0), box(1.25 + diagonal, 0, Math.PI / 4, 1, 1))).toBeCloseTo(1, 12);
  expect(rectangleToShape(robot(0, 0, 0), box(1.25, 1.15, 0, 1, 1))).toBeCloseTo(Math.hypot(0.5, 0.5), 12);
});

test("is zero for shapes that overlap, also when no corner lies inside the other", () => {
  expect(rectangleToShape(robot(0, 0, 0), box(0, 0, 0, 0.1, 4))).toBe(0);
  expect(rectangleToShape(robot(0, 0, 0.3), box(0.2, 0.1, 1, 1, 1))).toBe(0);
});

test("measures the gap to a cylinder", () => {
  const pillar: Cylinder = { kind: "cylinder", x: 0, y: 1, radius: 0.2, ...look };
  expect(rectangleToShape(robot(0, 0, 0), pillar)).toBeCloseTo(0.65, 12);
  expect(rectangleToShape(robot(0, 0.9, 0), pillar)).toBe(0);
});
