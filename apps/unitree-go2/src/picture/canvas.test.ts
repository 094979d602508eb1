import { expect, test } from "vitest";
import { Canvas } from "./canvas.ts";

const red = (canvas: Canvas, x: number, y: number) => canvas.data[(y * canvas.width + x) * 3];

test("draws a line of the width given, and no pixel of it twice", () => {
  const canvas = new Canvas(20, 10);
  canvas.line(
    [
      [2, 5],
      [10, 5],
      [18, 5],
    ],
    4,
    [200, 0, 0],
    0.5,
  );
  expect([2, 3, 5, 6, 8].map((y) => red(canvas, 10, y))).toEqual([0, 100, 100, 100, 0]);
});

test("fills discs and polygons, also where they leave the picture", () => {
  const canvas = new Canvas(10, 10);
  canvas.disc(0, 0, 4, [90, 0, 0]);
  canvas.polygon(
    [
      [6, 6],
      [14, 6],
      [14, 14],
      [6, 14],
    ],
    0,
    [60, 0, 0],
  );
  expect([red(canvas, 0, 0), red(canvas, 5, 0), red(canvas, 9, 9), red(canvas, 5, 9)]).toEqual([90, 0, 60, 0]);
});
