import { expect, test } from "vitest";
import { Canvas } from "./canvas.ts";
import { textWidth, writeText } from "./letters.ts";

/** What was written, a `#` per pixel. */
function written(text: string, x = 0): string[] {
  const canvas = new Canvas(textWidth(text, 1), 9);
  writeText(canvas, x, 0, text, 1, [255, 255, 255]);
  const isSet = (row: number, column: number) => canvas.data[(row * canvas.width + column) * 3] === 255;
  return Array.from({ length: 9 }, (_, row) =>
    Array.from({ length: canvas.width }, (_, column) => (isSet(row, column) ? "#" : ".")).join(""),
  );
}

test("writes letters beside each other, some of them below the line", () => {
  expect(written("1 g")).toEqual([
    ".#...........",
    "##...........",
    ".#.......####",
    ".#......#...#",
    ".#......#...#",
    ".#......#...#",
    "###......####",
    "............#",
    ".........###.",
  ]);
});

test("leaves out what is beyond the picture, and refuses letters that nobody has drawn", () => {
  expect(written("1", -1)[1]).toBe("#..");
  expect(() => written("Z")).toThrow('No glyph is drawn for "Z"');
});
