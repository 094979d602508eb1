import { applyTransform, composeTransforms, quaternionFromYaw, type Transform } from "@dimos/msgs";
import { expect, test } from "vitest";
import { transformPoints } from "./transform-points.ts";

test("moves and turns every point as the transform does", () => {
  const tilt: Transform = {
    translation: { x: 0, y: 0, z: 0.12 },
    rotation: { x: Math.sin(0.2), y: 0, z: 0, w: Math.cos(0.2) },
  };
  const turn: Transform = { translation: { x: 1, y: -2, z: 0.3 }, rotation: quaternionFromYaw(0.7) };
  const transform = composeTransforms(turn, tilt);
  const points = Float32Array.from([1, 2, 3, -4, 0.5, 0]);
  const moved = transformPoints(points, transform);
  for (const i of [0, 3]) {
    const { x, y, z } = applyTransform(transform, {
      x: points[i] as number,
      y: points[i + 1] as number,
      z: points[i + 2] as number,
    });
    [x, y, z].forEach((value, k) => void expect(moved[i + k]).toBeCloseTo(value, 5));
  }
});
