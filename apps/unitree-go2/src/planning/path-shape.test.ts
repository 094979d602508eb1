import { expect, test } from "vitest";
import { planarDistance } from "../planar-pose.ts";
import { type Point2, resamplePath } from "./path-shape.ts";

test("puts a point every tenth of a metre along the line, and keeps the ends", () => {
  const path = resamplePath(
    [
      { x: 0, y: 0 },
      { x: 0.25, y: 0 },
      { x: 0.25, y: 0.33 },
    ],
    0.1,
  );
  expect(path[0]).toEqual({ x: 0, y: 0 });
  expect(path.at(-1)).toEqual({ x: 0.25, y: 0.33 });
  expect(path.length).toBe(7);
  path.slice(1, -1).forEach((point, i) => {
    expect(planarDistance(point, path[i] as Point2)).toBeLessThanOrEqual(0.1 + 1e-9);
  });
});

test("keeps a path of two equal points", () => {
  expect(
    resamplePath(
      [
        { x: 1, y: 1 },
        { x: 1, y: 1 },
      ],
      0.1,
    ),
  ).toEqual([
    { x: 1, y: 1 },
    { x: 1, y: 1 },
  ]);
});
