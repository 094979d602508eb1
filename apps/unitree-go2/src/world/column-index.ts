import { boundingRadius, type Shape } from "./shape.ts";
import type { World } from "./world.ts";

/** Cells about as large as furniture. Metres. */
const CELL_M = 0.5;

/** The shapes of a world as flat arrays, and which of those that do not move stand in which cell of a grid over the floor. */
export class ColumnIndex {
  readonly cellSize = CELL_M;
  readonly originX: number;
  readonly originY: number;
  readonly width: number;
  readonly height: number;
  /** Six numbers a shape: centre x and y, cosine and sine of its heading, half length (or radius), half width (-1 for a cylinder). */
  readonly data: Float64Array;
  /** Whether the shape reaches from the floor to the ceiling. */
  readonly isFull: Uint8Array;
  /** The shapes in cell `c` are `cellShapes[cellStart[c]]` up to, not including, `cellShapes[cellStart[c + 1]]`. */
  readonly cellStart: Int32Array;
  readonly cellShapes: Int32Array;

  constructor(world: World) {
    const { plan, fixed: shapes } = world;
    const reach = shapes.map(boundingRadius);
    const low = (at: (i: number) => number) => Math.min(0, ...shapes.map((_, i) => at(i) - (reach[i] as number)));
    const high = (end: number, at: (i: number) => number) =>
      Math.max(end, ...shapes.map((_, i) => at(i) + (reach[i] as number)));
    const x = (i: number) => shapes[i]?.x ?? 0;
    const y = (i: number) => shapes[i]?.y ?? 0;
    this.originX = low(x);
    this.originY = low(y);
    this.width = Math.ceil((high(plan.width, x) - this.originX) / CELL_M) + 1;
    this.height = Math.ceil((high(plan.depth, y) - this.originY) / CELL_M) + 1;
    this.isFull = Uint8Array.from(world.shapes, (shape) => (shape.bottom <= 0 && shape.top >= plan.ceiling ? 1 : 0));
    this.data = new Float64Array(world.shapes.length * 6);
    world.shapes.forEach((shape, i) => void this.#write(shape, i));
    const cells: number[][] = Array.from({ length: this.width * this.height }, () => []);
    shapes.forEach((shape, i) => {
      const yaw = shape.kind === "box" ? shape.yaw : 0;
      const [halfLength, halfWidth] = shape.kind === "box" ? [shape.length / 2, shape.width / 2] : [shape.radius, -1];
      const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
      const across = Math.abs(halfWidth === -1 ? halfLength : halfWidth);
      const reachX = Math.abs(cos) * halfLength + Math.abs(sin) * across;
      const reachY = Math.abs(sin) * halfLength + Math.abs(cos) * across;
      const column = (value: number) => Math.floor((value - this.originX) / CELL_M);
      const row = (value: number) => Math.floor((value - this.originY) / CELL_M);
      for (let cy = row(shape.y - reachY); cy <= row(shape.y + reachY); cy++) {
        for (let cx = column(shape.x - reachX); cx <= column(shape.x + reachX); cx++) {
          cells[cy * this.width + cx]?.push(i);
        }
      }
    });
    this.cellStart = new Int32Array(cells.length + 1);
    cells.forEach((cell, i) => {
      this.cellStart[i + 1] = (this.cellStart[i] as number) + cell.length;
    });
    this.cellShapes = Int32Array.from(cells.flat());
  }

  /** Takes in where everything that moves is now. */
  placeMoving({ shapes, fixed }: World): void {
    for (let i = fixed.length; i < shapes.length; i++) this.#write(shapes[i] as Shape, i);
  }

  #write(shape: Shape, i: number): void {
    const yaw = shape.kind === "box" ? shape.yaw : 0;
    const at = i * 6;
    this.data[at] = shape.x;
    this.data[at + 1] = shape.y;
    this.data[at + 2] = Math.cos(yaw);
    this.data[at + 3] = Math.sin(yaw);
    this.data[at + 4] = shape.kind === "box" ? shape.length / 2 : shape.radius;
    this.data[at + 5] = shape.kind === "box" ? shape.width / 2 : -1;
  }
}
