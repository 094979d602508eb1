import { Canvas, type Color } from "./canvas.ts";
import { textWidth, writeText } from "./letters.ts";
import { FREE, GOAL, INFLATED, OCCUPIED, OTHER, PATH, ROBOT, TRAIL, UNKNOWN, WHITE } from "./map-colors.ts";
import type { MapScene } from "./map-picture.ts";

const DOT = 2;
const ROW = 28;
const PADDING = 12;
const SWATCH = 16;
const TEXT_HEIGHT = 7 * DOT;

/** How something looks on the map, and what it is; `width` is that of its mark, pixels. */
interface Entry {
  readonly text: string;
  readonly width: number;
  draw(canvas: Canvas, x: number, middle: number): void;
}

/** The map with a legend below it: how long a metre is, and what the colours mean that are on it. */
export function withLegend(map: Canvas, scene: MapScene, pixelsPerMetre: number): Canvas {
  const rows = inRows(entriesOf(scene, pixelsPerMetre), map.width);
  const canvas = new Canvas(map.width, map.height + rows.length * ROW + PADDING / 2);
  canvas.data.set(map.data);
  canvas.rectangle(0, map.height, canvas.width, canvas.height - map.height, WHITE);
  rows.forEach((row, i) => {
    let x = PADDING;
    const middle = map.height + PADDING / 4 + (i + 0.5) * ROW;
    for (const entry of row) {
      entry.draw(canvas, x, middle);
      const textX = x + entry.width + PADDING / 2;
      writeText(canvas, textX, middle - TEXT_HEIGHT / 2, entry.text, DOT, OCCUPIED);
      x += lengthOf(entry);
    }
  });
  return canvas;
}

function entriesOf({ path = [], trail = [], others = [], goal }: MapScene, pixelsPerMetre: number): Entry[] {
  const isFleet = others.length > 0;
  return [
    metre(pixelsPerMetre),
    block("robot", ROBOT),
    ...(isFleet ? [block("other robot", OTHER)] : []),
    // In a fleet, tracks have the colours of their robots.
    ...(trail.length > 0 && !isFleet ? [line("track", TRAIL, 3)] : []),
    ...(path.length > 0 ? [line("path", PATH, 4)] : []),
    ...(goal === undefined ? [] : [disc("goal", GOAL)]),
    block("obstacle", OCCUPIED),
    block("too near", INFLATED),
    block("unknown", UNKNOWN),
  ];
}

/** As many in a row as there is room for, at least one. */
function inRows(entries: readonly Entry[], width: number): Entry[][] {
  const rows: Entry[][] = [];
  let left = 0;
  for (const entry of entries) {
    const row = rows.at(-1);
    if (row === undefined || left < lengthOf(entry)) {
      rows.push([entry]);
      left = width - PADDING - lengthOf(entry);
      continue;
    }
    row.push(entry);
    left -= lengthOf(entry);
  }
  return rows;
}

function lengthOf({ width, text }: Entry): number {
  return width + PADDING / 2 + textWidth(text, DOT) + 1.5 * PADDING;
}

function metre(pixelsPerMetre: number): Entry {
  return {
    text: "1 m",
    width: pixelsPerMetre,
    draw: (canvas, x, middle) => {
      canvas.rectangle(x, middle - 1, pixelsPerMetre, 2, OCCUPIED);
      for (const end of [x, x + pixelsPerMetre - 2]) canvas.rectangle(end, middle - 6, 2, 12, OCCUPIED);
    },
  };
}

function block(text: string, color: Color): Entry {
  return {
    text,
    width: SWATCH,
    draw: (canvas, x, middle) => {
      canvas.rectangle(x - 1, middle - 7, SWATCH + 2, 14, FREE);
      canvas.rectangle(x, middle - 6, SWATCH, 12, color);
    },
  };
}

function line(text: string, color: Color, thickness: number): Entry {
  return {
    text,
    width: SWATCH,
    draw: (canvas, x, middle) => canvas.rectangle(x, middle - thickness / 2, SWATCH, thickness, color),
  };
}

function disc(text: string, color: Color): Entry {
  return { text, width: SWATCH, draw: (canvas, x, middle) => canvas.disc(x + SWATCH / 2, middle, 5, color) };
}
