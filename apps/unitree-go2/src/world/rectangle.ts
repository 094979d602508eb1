import type { Shape } from "./shape.ts";

/** A rectangle on the floor plan, `length` along `yaw`. Metres, radians. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
  readonly length: number;
  readonly width: number;
}

/** Metres from a point to the rectangle, 0 inside. */
export function pointToRectangle(px: number, py: number, r: Rectangle): number {
  const [cos, sin] = [Math.cos(r.yaw), Math.sin(r.yaw)];
  const [dx, dy] = [px - r.x, py - r.y];
  const outX = Math.max(Math.abs(cos * dx + sin * dy) - r.length / 2, 0);
  const outY = Math.max(Math.abs(-sin * dx + cos * dy) - r.width / 2, 0);
  return Math.hypot(outX, outY);
}

/** Metres from a point to the side of a shape, 0 inside. */
export function pointToShape(px: number, py: number, shape: Shape): number {
  if (shape.kind === "cylinder") return Math.max(Math.hypot(px - shape.x, py - shape.y) - shape.radius, 0);
  return pointToRectangle(px, py, shape);
}

/** The gap between a rectangle and a shape, metres; 0 when they touch or overlap. */
export function rectangleToShape(r: Rectangle, shape: Shape): number {
  if (shape.kind === "cylinder") return Math.max(pointToRectangle(shape.x, shape.y, r) - shape.radius, 0);
  if (rectanglesTouch(r, shape)) return 0;
  // Two disjoint convex polygons are nearest at a corner of one of them.
  let gap = Number.POSITIVE_INFINITY;
  for (const [a, b] of [[r, shape] as const, [shape, r] as const]) {
    for (const [x, y] of corners(a)) gap = Math.min(gap, pointToRectangle(x, y, b));
  }
  return gap;
}

/** Whether two rectangles touch or overlap. */
export function rectanglesTouch(a: Rectangle, b: Rectangle): boolean {
  return !hasSeparatingAxis(a, b) && !hasSeparatingAxis(b, a);
}

/** The four corners, counter-clockwise from the front left one. */
export function corners(r: Rectangle): Array<readonly [x: number, y: number]> {
  const [cos, sin] = [Math.cos(r.yaw), Math.sin(r.yaw)];
  const [l, w] = [r.length / 2, r.width / 2];
  return [
    [r.x + cos * l - sin * w, r.y + sin * l + cos * w],
    [r.x - cos * l - sin * w, r.y - sin * l + cos * w],
    [r.x - cos * l + sin * w, r.y - sin * l - cos * w],
    [r.x + cos * l + sin * w, r.y + sin * l - cos * w],
  ];
}

/** Separating axis theorem for the two axes of `a`. */
function hasSeparatingAxis(a: Rectangle, b: Rectangle): boolean {
  const [cos, sin] = [Math.cos(b.yaw - a.yaw), Math.sin(b.yaw - a.yaw)];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = Math.abs(Math.cos(a.yaw) * dx + Math.sin(a.yaw) * dy);
  const across = Math.abs(-Math.sin(a.yaw) * dx + Math.cos(a.yaw) * dy);
  const reachAlong = (Math.abs(cos) * b.length + Math.abs(sin) * b.width) / 2;
  const reachAcross = (Math.abs(sin) * b.length + Math.abs(cos) * b.width) / 2;
  return along > a.length / 2 + reachAlong || across > a.width / 2 + reachAcross;
}
