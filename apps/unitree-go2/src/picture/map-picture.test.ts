import { expect, test } from "vitest";
import { drawnMap } from "../../test/grid-drawing.ts";
import { drawMap } from "./map-picture.ts";
import type { Picture } from "./png.ts";

const map = drawnMap(
  [
    "????????", //
    "?......?",
    "?....#.?",
    "?......?",
    "????????",
  ],
  1,
);

/** The colour at a place on a map whose seen part begins at (1, 1) and is 3 m high, with 0.4 m around it. */
function colorAt({ width, data }: Picture, x: number, y: number): number[] {
  const [column, row] = [Math.floor((x - 0.6) * 40), Math.floor((4.4 - y) * 40)];
  return [...data.subarray((row * width + column) * 3, (row * width + column) * 3 + 3)];
}

test("shows what is free, occupied and unknown, with x to the right and y up", () => {
  const picture = drawMap({ costmap: map, robot: { x: 1.5, y: 1.5, yaw: 0 } }, 40);
  expect([picture.width, picture.height]).toEqual([272, 152]);
  const [free, occupied, unknown] = [
    colorAt(picture, 3.5, 3.5),
    colorAt(picture, 5.5, 2.5),
    colorAt(picture, 0.8, 0.8),
  ];
  expect(free).toEqual([250, 249, 246]);
  expect(occupied).toEqual([44, 52, 68]);
  expect(unknown).toEqual([203, 205, 210]);
});

test("draws robot, path and goal over it", () => {
  const picture = drawMap(
    {
      costmap: map,
      robot: { x: 1.6, y: 1.5, yaw: Math.PI },
      path: [
        { x: 1.6, y: 1.5 },
        { x: 4.5, y: 1.5 },
      ],
      goal: { x: 4.5, y: 1.5, yaw: Math.PI / 2 },
    },
    40,
  );
  expect(colorAt(picture, 3, 1.5)).toEqual([38, 110, 230]);
  expect(colorAt(picture, 4.5, 1.5)).toEqual([222, 62, 72]);
  expect(colorAt(picture, 1.72, 1.44)).toEqual([22, 150, 120]);
});

test("shows a robot that stands outside of what was seen", () => {
  const picture = drawMap({ costmap: map, robot: { x: -3, y: 2, yaw: 0 } }, 40);
  expect(picture.width).toBe(Math.round((7 - -3 + 0.8) * 40));
});
