import type { Canvas, Color } from "./canvas.ts";

/** What legends are written with, and no more: 7 rows above the line and 2 below it, a `#` per dot. */
const GLYPHS: Readonly<Record<string, readonly string[]>> = Object.freeze({
  "1": [".#.", "##.", ".#.", ".#.", ".#.", ".#.", "###"],
  a: ["", "", ".###.", "....#", ".####", "#...#", ".####"],
  b: ["#....", "#....", "####.", "#...#", "#...#", "#...#", "####."],
  c: ["", "", ".####", "#....", "#....", "#....", ".####"],
  d: ["....#", "....#", ".####", "#...#", "#...#", "#...#", ".####"],
  e: ["", "", ".###.", "#...#", "#####", "#....", ".####"],
  g: ["", "", ".####", "#...#", "#...#", "#...#", ".####", "....#", ".###."],
  h: ["#....", "#....", "####.", "#...#", "#...#", "#...#", "#...#"],
  k: ["#....", "#....", "#..#.", "#.#..", "##...", "#.#..", "#..#."],
  l: ["#.", "#.", "#.", "#.", "#.", "#.", ".#"],
  m: ["", "", "##.#.", "#.#.#", "#.#.#", "#.#.#", "#.#.#"],
  n: ["", "", "####.", "#...#", "#...#", "#...#", "#...#"],
  o: ["", "", ".###.", "#...#", "#...#", "#...#", ".###."],
  p: ["", "", "####.", "#...#", "#...#", "#...#", "####.", "#....", "#...."],
  r: ["", "", "#.##", "##..", "#...", "#...", "#..."],
  s: ["", "", ".####", "#....", ".###.", "....#", "####."],
  t: [".#.", ".#.", "###", ".#.", ".#.", ".#.", "..#"],
  u: ["", "", "#...#", "#...#", "#...#", "#...#", ".####"],
  w: ["", "", "#...#", "#.#.#", "#.#.#", "#.#.#", ".#.#."],
});
const SPACE_DOTS = 3;

/** Pixels from the left of the first letter to the right of the last. @param dot pixels of the side of a dot */
export function textWidth(text: string, dot: number): number {
  return [...text].reduce((dots, letter) => dots + widthOf(letter) + 1, -1) * dot;
}

/** Writes from a place to the right: `y` is the top of the tall letters. Throws for a letter that has no glyph. */
export function writeText(canvas: Canvas, x: number, y: number, text: string, dot: number, color: Color): void {
  let left = x;
  for (const letter of text) {
    if (letter !== " ") drawGlyph(canvas, left, y, glyphOf(letter), dot, color);
    left += (widthOf(letter) + 1) * dot;
  }
}

function drawGlyph(canvas: Canvas, left: number, top: number, rows: readonly string[], dot: number, color: Color) {
  rows.forEach((row, i) => {
    [...row].forEach((mark, j) => {
      if (mark === "#") canvas.rectangle(left + j * dot, top + i * dot, dot, dot, color);
    });
  });
}

function widthOf(letter: string): number {
  return letter === " " ? SPACE_DOTS : Math.max(...glyphOf(letter).map((row) => row.length));
}

function glyphOf(letter: string): readonly string[] {
  const glyph = GLYPHS[letter];
  if (glyph === undefined) throw new RangeError(`No glyph is drawn for "${letter}" in letters.ts.`);
  return glyph;
}
