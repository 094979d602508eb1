import type { Box } from "../src/world/shape.ts";
import { World } from "../src/world/world.ts";

/** A hall of 10 m by 10 m without walls, with the shapes given; the robot starts in its middle. */
export function bareWorld(...shapes: Box[]): World {
  return new World({
    name: "hall",
    width: 10,
    depth: 10,
    ceiling: 2.5,
    floor: { kind: "wood", color: [160, 120, 80] },
    start: { x: 5, y: 5, yaw: 0 },
    places: new Map(),
    shapes,
  });
}

/** A block of one metre height. */
export function block(x: number, y: number, length: number, width: number): Box {
  return { kind: "box", label: "block", x, y, yaw: 0, length, width, bottom: 0, top: 1, color: [200, 200, 200] };
}
