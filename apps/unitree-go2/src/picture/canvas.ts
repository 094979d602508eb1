import type { Picture } from "./png.ts";

export type Color = readonly [red: number, green: number, blue: number];

/** A picture to draw on, in pixels from the top left; edges are smoothed over one pixel. */
export class Canvas implements Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 3);
  }

  set(x: number, y: number, [red, green, blue]: Color): void {
    const at = (y * this.width + x) * 3;
    this.data[at] = red;
    this.data[at + 1] = green;
    this.data[at + 2] = blue;
  }

  /** Lays a colour over a pixel; `cover` from 0 (nothing) to 1. */
  blend(x: number, y: number, color: Color, cover: number): void {
    const at = (y * this.width + x) * 3;
    for (let i = 0; i < 3; i++) {
      const under = this.data[at + i] as number;
      this.data[at + i] = under + ((color[i] as number) - under) * cover;
    }
  }

  /** Draws a line of segments, round at its corners and ends. */
  line(points: ReadonlyArray<readonly [x: number, y: number]>, width: number, color: Color, opacity = 1): void {
    // Segments overlap at their ends: cover is collected first, so that no pixel is painted twice.
    const cover = new Float32Array(this.width * this.height);
    for (let i = Math.min(1, points.length - 1); i < points.length; i++) {
      const [a, b] = [points[Math.max(i - 1, 0)], points[i]];
      if (a === undefined || b === undefined) continue;
      const box: Bounds = [
        Math.min(a[0], b[0]) - width,
        Math.min(a[1], b[1]) - width,
        Math.max(a[0], b[0]) + width,
        Math.max(a[1], b[1]) + width,
      ];
      this.#visit(box, (x, y) => {
        const at = y * this.width + x;
        const share = coverAt(toSegment(x + 0.5, y + 0.5, a, b) - width / 2);
        if (share > (cover[at] as number)) cover[at] = share;
      });
    }
    cover.forEach((share, at) => {
      if (share > 0) this.blend(at % this.width, Math.floor(at / this.width), color, share * opacity);
    });
  }

  rectangle(x: number, y: number, width: number, height: number, color: Color): void {
    this.#visit([x, y, x + width, y + height], (px, py) => this.set(px, py, color));
  }

  disc(x: number, y: number, radius: number, color: Color, opacity = 1): void {
    this.#fill(
      [x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1],
      (px, py) => Math.hypot(px - x, py - y) - radius,
      color,
      opacity,
    );
  }

  /** Draws a convex polygon, its corners in clockwise order as seen on the picture, rounded by `rounding` pixels. */
  polygon(corners: ReadonlyArray<readonly [number, number]>, rounding: number, color: Color, opacity = 1): void {
    const xs = corners.map((corner) => corner[0]);
    const ys = corners.map((corner) => corner[1]);
    const box: Bounds = [
      Math.min(...xs) - rounding - 1,
      Math.min(...ys) - rounding - 1,
      Math.max(...xs) + rounding + 1,
      Math.max(...ys) + rounding + 1,
    ];
    this.#fill(box, (x, y) => toPolygon(x, y, corners) - rounding, color, opacity);
  }

  /** Colours where the distance to the outline (negative inside) is below half a pixel. */
  #fill(box: Bounds, distance: (x: number, y: number) => number, color: Color, opacity: number): void {
    this.#visit(box, (x, y) => {
      const cover = coverAt(distance(x + 0.5, y + 0.5));
      if (cover > 0) this.blend(x, y, color, cover * opacity);
    });
  }

  #visit([left, top, right, bottom]: Bounds, visit: (x: number, y: number) => void): void {
    for (let y = Math.max(Math.floor(top), 0); y < Math.min(Math.ceil(bottom), this.height); y++) {
      for (let x = Math.max(Math.floor(left), 0); x < Math.min(Math.ceil(right), this.width); x++) visit(x, y);
    }
  }
}

/** How much of a pixel lies inside an outline whose distance from its centre is given, negative inside. */
function coverAt(distance: number): number {
  return Math.min(Math.max(0.5 - distance, 0), 1);
}

type Bounds = readonly [left: number, top: number, right: number, bottom: number];

function toSegment(x: number, y: number, [ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1);
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

function toPolygon(x: number, y: number, corners: ReadonlyArray<readonly [number, number]>): number {
  let edge = Number.POSITIVE_INFINITY;
  let isInside = true;
  corners.forEach((a, i) => {
    const b = corners[(i + 1) % corners.length] as readonly [number, number];
    edge = Math.min(edge, toSegment(x, y, a, b));
    if ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) < 0) isInside = false;
  });
  return isInside ? -edge : edge;
}
