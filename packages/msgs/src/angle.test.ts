import { expect, test } from "vitest";
import { degreesFromRadians, radiansFromDegrees, wrapAngle } from "./angle.ts";

test("wraps any angle into one turn around zero", () => {
  expect(wrapAngle(0.5)).toBe(0.5);
  expect(wrapAngle(1.5 * Math.PI)).toBeCloseTo(-0.5 * Math.PI, 12);
  expect(wrapAngle(-8.5 * Math.PI)).toBeCloseTo(-0.5 * Math.PI, 12);
});

test("half a turn is counter-clockwise, whichever way it was written", () => {
  expect(wrapAngle(Math.PI)).toBe(Math.PI);
  expect(wrapAngle(-Math.PI)).toBe(Math.PI);
  expect(wrapAngle(0)).toBe(0);
});

test("converts degrees and radians", () => {
  expect(radiansFromDegrees(90)).toBe(Math.PI / 2);
  expect(degreesFromRadians(Math.PI)).toBe(180);
});
