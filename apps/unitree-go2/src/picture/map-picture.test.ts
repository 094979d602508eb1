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
  expect(picture.width).toBe(272);
  expect(picture.height).toBeGreaterThan(152);
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

test("says below the map how long a metre is, and what the colours mean that are on it", () => {
  const robot = { x: 1.5, y: 1.5, yaw: 0 };
  const legendOf = (scene: object): string[] => {
    const { width, data } = drawMap({ costmap: map, robot, ...scene }, 40);
    const pixels = data.subarray(152 * width * 3);
    const colors = new Set<string>();
    for (let i = 0; i < pixels.length; i += 3) colors.add([...pixels.subarray(i, i + 3)].join(" "));
    return [...colors];
  };
  const [path, goal, other] = ["38 110 230", "222 62 72", "150 84 200"];
  const alone = legendOf({});
  expect(alone).toEqual(expect.arrayContaining(["22 150 120", "44 52 68", "240 186 140", "203 205 210"]));
  for (const color of [path, goal, other]) expect(alone).not.toContain(color);
  const driving = legendOf({ path: [robot, { x: 4.5, y: 1.5 }], goal: { x: 4.5, y: 1.5 } });
  expect(driving).toEqual(expect.arrayContaining([path, goal]));
  expect(legendOf({ others: [{ robot, trail: [] }] })).toContain(other);
});

test("shows a robot that stands outside of what was seen", () => {
  const picture = drawMap({ costmap: map, robot: { x: -3, y: 2, yaw: 0 } }, 40);
  expect(picture.width).toBe(Math.round((7 - -3 + 0.8) * 40));
});

test.each([1e9, Number.POSITIVE_INFINITY, Number.NaN])("draws no picture of a robot at x = %d", (x) => {
  expect(() => drawMap({ costmap: map, robot: { x, y: 1.5, yaw: 0 } })).toThrow(/pixels is not drawn/);
});
