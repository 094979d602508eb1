import type { Box, Cylinder, Shape } from "./shape.ts";

type Color = readonly [number, number, number];

const TROUSERS: Color = [58, 66, 84];
const SKIN: Color = [214, 172, 140];
const STEEL: Color = [120, 128, 136];

/** What movers look like, facing along x, metres. */
export function moverParts(kind: "person" | "cart", color: Color): Shape[] {
  return kind === "person" ? person(0, color) : [...person(-0.75, color), ...cart()];
}

function person(x: number, color: Color): Cylinder[] {
  const part = (radius: number, bottom: number, top: number, of: Color): Cylinder => ({
    ...{ kind: "cylinder", label: "person", x, y: 0, radius, bottom, top, color: of },
  });
  return [part(0.2, 0, 0.85, TROUSERS), part(0.25, 0.85, 1.5, color), part(0.11, 1.5, 1.75, SKIN)];
}

/** A platform on wheels with its load, and the handle that it is pushed by. */
function cart(): Box[] {
  const box = (x: number, length: number, width: number, bottom: number, top: number, color: Color): Box => ({
    ...{ kind: "box", label: "cart", x, y: 0, yaw: 0, length, width, bottom, top, color },
  });
  return [
    box(0, 1, 0.6, 0, 0.22, STEEL),
    box(0.05, 0.8, 0.5, 0.22, 0.8, [184, 138, 84]),
    box(-0.47, 0.05, 0.6, 0.22, 1, STEEL),
  ];
}
