import { ColumnIndex } from "./column-index.ts";
import type { World } from "./world.ts";

/** The side by which a ray enters a shape. */
const FACE_ALONG = 0;
const FACE_ACROSS = 1;
export const FACE_ROUND = 2;

const MAX_HITS = 256;

/**
 * Casts rays over the floor plan of a world: one walk over its grid finds every column above the ray's line, from which
 * all elevations of a lidar and all rows of a camera follow. Results are valid until the next `cast`.
 */
export class ColumnRays {
  /** Distance at which the ray enters and leaves each shape, metres, nearest first. */
  readonly enter = new Float64Array(MAX_HITS);
  readonly leave = new Float64Array(MAX_HITS);
  /** Index into `world.shapes`. */
  readonly shape = new Int32Array(MAX_HITS);
  readonly face = new Uint8Array(MAX_HITS);
  count = 0;
  readonly #world: World;
  #index: ColumnIndex;
  #version: number;
  #moves: number;
  /** The last ray that has tested each shape. */
  #testedBy: Float64Array;
  #ray = 0;

  constructor(world: World) {
    this.#world = world;
    this.#index = new ColumnIndex(world);
    this.#version = world.version;
    this.#moves = world.moves;
    this.#testedBy = new Float64Array(world.shapes.length);
  }

  /** Looks from a point in the direction of a unit vector, up to `range` or the first column from floor to ceiling. */
  cast(x: number, y: number, dx: number, dy: number, range: number): void {
    this.#refresh();
    this.#ray++;
    this.count = 0;
    const index = this.#index;
    const size = index.cellSize;
    let cx = Math.floor((x - index.originX) / size);
    let cy = Math.floor((y - index.originY) / size);
    const stepX = dx >= 0 ? 1 : -1;
    const stepY = dy >= 0 ? 1 : -1;
    const perX = size / Math.abs(dx);
    const perY = size / Math.abs(dy);
    let nextX = dx === 0 ? Number.POSITIVE_INFINITY : (index.originX + (cx + (dx > 0 ? 1 : 0)) * size - x) / dx;
    let nextY = dy === 0 ? Number.POSITIVE_INFINITY : (index.originY + (cy + (dy > 0 ? 1 : 0)) * size - y) / dy;
    let limit = range;
    for (let t = 0; t <= limit && cx >= 0 && cy >= 0 && cx < index.width && cy < index.height; ) {
      limit = Math.min(limit, this.#testCell(cy * index.width + cx, x, y, dx, dy, limit));
      if (nextX < nextY) {
        t = nextX;
        nextX += perX;
        cx += stepX;
      } else {
        t = nextY;
        nextY += perY;
        cy += stepY;
      }
    }
    const { shapes, fixed } = this.#world;
    for (let i = fixed.length; i < shapes.length; i++) this.#intersect(i, x, y, dx, dy, limit);
  }

  /** Tests what stands in a cell. Returns where a column from floor to ceiling ends the ray. */
  #testCell(cell: number, x: number, y: number, dx: number, dy: number, limit: number): number {
    const { cellStart, cellShapes, isFull } = this.#index;
    let end = limit;
    for (let i = cellStart[cell] as number; i < (cellStart[cell + 1] as number); i++) {
      const shape = cellShapes[i] as number;
      if (this.#testedBy[shape] === this.#ray) continue;
      this.#testedBy[shape] = this.#ray;
      const enter = this.#intersect(shape, x, y, dx, dy, end);
      if (isFull[shape] !== 0 && enter < end) end = enter;
    }
    return end;
  }

  /** Inserts the hit in order of distance. Returns where the ray enters, `Infinity` for a miss. */
  #intersect(shape: number, x: number, y: number, dx: number, dy: number, limit: number): number {
    const at = shape * 6;
    const data = this.#index.data;
    const px = x - (data[at] as number);
    const py = y - (data[at + 1] as number);
    const cos = data[at + 2] as number;
    const sin = data[at + 3] as number;
    const halfLength = data[at + 4] as number;
    const halfWidth = data[at + 5] as number;
    let enter: number;
    let leave: number;
    let face: number;
    if (halfWidth < 0) {
      const b = px * dx + py * dy;
      const root = b * b - (px * px + py * py - halfLength * halfLength);
      if (root <= 0) return Number.POSITIVE_INFINITY;
      enter = -b - Math.sqrt(root);
      leave = -b + Math.sqrt(root);
      face = FACE_ROUND;
    } else {
      const lx = px * cos + py * sin;
      const ly = py * cos - px * sin;
      const ix = 1 / (dx * cos + dy * sin);
      const iy = 1 / (dy * cos - dx * sin);
      const x1 = (-Math.sign(ix) * halfLength - lx) * ix;
      const x2 = (Math.sign(ix) * halfLength - lx) * ix;
      const y1 = (-Math.sign(iy) * halfWidth - ly) * iy;
      const y2 = (Math.sign(iy) * halfWidth - ly) * iy;
      enter = Math.max(x1, y1);
      leave = Math.min(x2, y2);
      face = x1 > y1 ? FACE_ALONG : FACE_ACROSS;
    }
    if (!(enter < leave) || leave <= 0 || enter >= limit) return Number.POSITIVE_INFINITY;
    enter = Math.max(enter, 0);
    this.#insert(shape, enter, leave, face);
    return enter;
  }

  #insert(shape: number, enter: number, leave: number, face: number): void {
    if (this.count === MAX_HITS) return;
    let i = this.count++;
    for (; i > 0 && (this.enter[i - 1] as number) > enter; i--) {
      this.enter[i] = this.enter[i - 1] as number;
      this.leave[i] = this.leave[i - 1] as number;
      this.shape[i] = this.shape[i - 1] as number;
      this.face[i] = this.face[i - 1] as number;
    }
    this.enter[i] = enter;
    this.leave[i] = leave;
    this.shape[i] = shape;
    this.face[i] = face;
  }

  #refresh(): void {
    if (this.#moves !== this.#world.moves) this.#index.placeMoving(this.#world);
    this.#moves = this.#world.moves;
    if (this.#version === this.#world.version) return;
    this.#version = this.#world.version;
    this.#index = new ColumnIndex(this.#world);
    this.#testedBy = new Float64Array(this.#world.shapes.length);
  }
}
