import type { CostmapMessage } from "../src/planning/planning-grid.ts";
import { ROTATION_DIAMETER_M } from "../src/simulator/body.ts";
import type { World } from "../src/world/world.ts";

const CELL_M = 0.05;
/** The robot stands and turns on the spot with this much room around its middle. */
const ROOM_M = ROTATION_DIAMETER_M / 2;

/** Floor of the world that the robot can get to, from the shapes of the world and never from a map. */
export class ReachableFloor {
  readonly #cells: { readonly x: number; readonly y: number }[] = [];

  /** Floods the world from its start, wherever the robot can stand and turn; what its body covers there is reachable. */
  constructor(world: World) {
    const { width, depth, start } = world.plan;
    const [columns, rows] = [Math.round(width / CELL_M), Math.round(depth / CELL_M)];
    const centre = (index: number) => (index + 0.5) * CELL_M;
    const canStand = new Uint8Array(columns * rows);
    for (let cell = 0; cell < canStand.length; cell++) {
      const [x, y] = [centre(cell % columns), centre(Math.floor(cell / columns))];
      if (world.distanceFrom(x, y) >= ROOM_M) canStand[cell] = 1;
    }
    const first = Math.floor(start.y / CELL_M) * columns + Math.floor(start.x / CELL_M);
    const isReached = new Uint8Array(columns * rows);
    const open = [first];
    isReached[first] = 1;
    for (const cell of open) {
      const x = cell % columns;
      const sides = [x > 0 ? cell - 1 : -1, x < columns - 1 ? cell + 1 : -1, cell - columns, cell + columns];
      for (const next of sides) {
        if (canStand[next] !== 1 || isReached[next] !== 0) continue;
        isReached[next] = 1;
        open.push(next);
      }
    }
    const body = Math.floor(ROOM_M / CELL_M);
    const isCovered = new Uint8Array(columns * rows);
    for (const cell of open) {
      const [x, y] = [cell % columns, Math.floor(cell / columns)];
      for (let dy = -body; dy <= body; dy++) {
        for (let dx = -body; dx <= body; dx++) {
          if (dx * dx + dy * dy <= body * body) isCovered[(y + dy) * columns + x + dx] = 1;
        }
      }
    }
    isCovered.forEach((covered, cell) => {
      if (covered !== 0) this.#cells.push({ x: centre(cell % columns), y: centre(Math.floor(cell / columns)) });
    });
  }

  /** Square metres. */
  get area(): number {
    return this.#cells.length * CELL_M ** 2;
  }

  /** The share of it that a map in the world's frame knows to be free of obstacles, 0 to 1. */
  shareKnown({ info, data }: CostmapMessage): number {
    let known = 0;
    for (const { x, y } of this.#cells) {
      const column = Math.floor((x - info.origin.position.x) / info.resolution);
      const row = Math.floor((y - info.origin.position.y) / info.resolution);
      if (column < 0 || row < 0 || column >= info.width || row >= info.height) continue;
      const value = data[row * info.width + column] as number;
      if (value >= 0 && value < 100) known++;
    }
    return known / this.#cells.length;
  }
}
