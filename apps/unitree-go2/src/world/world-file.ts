import { z } from "zod";
import { moverParts } from "./mover-parts.ts";
import type { Box, Cylinder, Shape } from "./shape.ts";
import type { WorldPlan } from "./world.ts";

/** Worlds are indexed by the cells of their floor: no larger than a city block. */
const MAX_M = 500;
const metres = z.number().min(-MAX_M).max(MAX_M);
const size = z.number().positive().max(MAX_M);
const point = z.tuple([metres, metres]);
const color = z.string().regex(/^#[0-9a-f]{6}$/i, "expected a colour such as #8a6b4f");
const pose = z.strictObject({ x: metres, y: metres, yawDegrees: z.number().default(0) });
const heights = { bottom: z.number().nonnegative().default(0), top: size };

/** A world as people write it: metres, degrees, colours as `#rrggbb`. */
export const WorldFile = z.strictObject({
  name: z.string().min(1),
  description: z.string().default(""),
  size: z.tuple([size, size]).describe("the floor covers x 0..width, y 0..depth"),
  ceiling: size.default(2.6),
  floor: z
    .strictObject({ kind: z.enum(["wood", "carpet", "tile"]), color })
    .default({ kind: "wood", color: "#a5805a" }),
  wallColor: color.default("#e4dfd6"),
  start: pose,
  places: z.record(z.string(), pose).default({}),
  walls: z
    .array(
      z.strictObject({
        from: point,
        to: point,
        thickness: size.default(0.12),
        bottom: heights.bottom,
        top: size.optional().describe("the ceiling when left out"),
        color: color.optional(),
      }),
    )
    .default([]),
  boxes: z
    .array(
      z.strictObject({
        label: z.string().default("box"),
        at: point,
        size: z.tuple([size, size]).describe("length along the heading, and width"),
        yawDegrees: z.number().default(0),
        ...heights,
        color,
      }),
    )
    .default([]),
  cylinders: z
    .array(z.strictObject({ label: z.string().default("cylinder"), at: point, radius: size, ...heights, color }))
    .default([]),
  movers: z
    .array(
      z.strictObject({
        kind: z.enum(["person", "cart"]),
        path: z.array(point).min(2).describe("round these points, and from the last one to the first"),
        speed: size.max(2).default(0.8).describe("m/s"),
        pauseS: z.number().nonnegative().default(0.5).describe("at each point"),
        color: color.default("#c8502e"),
      }),
    )
    .default([]),
});
export type WorldFile = z.infer<typeof WorldFile>;

/** The plan that a world file describes: walls have become boxes, degrees radians. */
export function planFromFile(file: WorldFile): WorldPlan {
  return {
    name: file.name,
    width: file.size[0],
    depth: file.size[1],
    ceiling: file.ceiling,
    floor: { kind: file.floor.kind, color: rgb(file.floor.color) },
    start: planarPose(file.start),
    places: new Map(Object.entries(file.places).map(([name, place]) => [name, planarPose(place)])),
    shapes: [
      ...file.walls.map((wall) => wallBox(wall, file)),
      ...file.boxes.map(
        ({ at, size: [length, width], yawDegrees, color: hex, ...rest }): Box => ({
          kind: "box",
          x: at[0],
          y: at[1],
          yaw: radians(yawDegrees),
          length,
          width,
          color: rgb(hex),
          ...rest,
        }),
      ),
      ...file.cylinders.map(
        ({ at, color: hex, ...rest }): Cylinder => ({ kind: "cylinder", x: at[0], y: at[1], color: rgb(hex), ...rest }),
      ),
    ] satisfies Shape[],
    movers: file.movers.map(({ kind, path, speed, pauseS, color: hex }) => ({
      ...{ label: kind, path, speed, pause: pauseS, parts: moverParts(kind, rgb(hex)) },
    })),
  };
}

function wallBox(wall: WorldFile["walls"][number], file: WorldFile): Box {
  const [[x1, y1], [x2, y2]] = [wall.from, wall.to];
  return {
    kind: "box",
    label: "wall",
    x: (x1 + x2) / 2,
    y: (y1 + y2) / 2,
    yaw: Math.atan2(y2 - y1, x2 - x1),
    length: Math.hypot(x2 - x1, y2 - y1) + wall.thickness,
    width: wall.thickness,
    bottom: wall.bottom,
    top: wall.top ?? file.ceiling,
    color: rgb(wall.color ?? file.wallColor),
  };
}

function planarPose(place: z.infer<typeof pose>) {
  return { x: place.x, y: place.y, yaw: radians(place.yawDegrees) };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
