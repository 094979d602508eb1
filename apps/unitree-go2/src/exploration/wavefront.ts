import type { Point2 } from "../planning/path-shape.ts";
import { INFLATION_M, TIGHT_ENDS_M } from "../planning/planner-constants.ts";
import type { PlanningGrid } from "../planning/planning-grid.ts";

const DX = [1, 0, -1, 0, 1, -1, -1, 1];
const DY = [0, 1, 0, -1, 1, 1, -1, -1];

/** What can be reached on a map, and how far that is. */
export interface Wavefront {
  /** Metres from the robot to each cell, over known floor on which the planner drives; `Infinity` where it cannot go. */
  readonly distance: Float32Array;
  /** The cells reached, nearest first. */
  readonly cells: Int32Array;
}

/**
 * Floods the floor from the robot, ring by ring, through cells that are known and keep the planner's clearance. Near the
 * robot less clearance will do: it may have stopped in a narrow place. Distances are up to 8 % too long.
 */
export function floodFrom(grid: PlanningGrid, robot: Point2): Wavefront {
  const { width, height, resolution } = grid;
  const distance = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY);
  const cells = new Int32Array(width * height);
  const start = grid.cellAt(robot.x, robot.y);
  if (start < 0) return { distance, cells: cells.subarray(0, 0) };
  const tight = Math.min(grid.clearance[start] as number, INFLATION_M);
  const isOpen = (cell: number, walked: number) =>
    grid.isKnown(cell) && (grid.clearance[cell] as number) >= (walked < TIGHT_ENDS_M ? tight : INFLATION_M);
  distance[start] = 0;
  cells[0] = start;
  let end = 1;
  for (let next = 0; next < end; next++) {
    const cell = cells[next] as number;
    const walked = distance[cell] as number;
    const x = cell % width;
    const y = (cell - x) / width;
    for (let d = 0; d < 8; d++) {
      const [nx, ny] = [x + (DX[d] as number), y + (DY[d] as number)];
      if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
      const neighbour = ny * width + nx;
      const there = walked + (d < 4 ? resolution : resolution * Math.SQRT2);
      if (distance[neighbour] !== Number.POSITIVE_INFINITY || !isOpen(neighbour, there)) continue;
      distance[neighbour] = there;
      cells[end++] = neighbour;
    }
  }
  return { distance, cells: cells.subarray(0, end) };
}
