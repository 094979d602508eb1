import FlatQueue from "flatqueue";
import type { PlanningGrid } from "./planning-grid.ts";

export interface AStarResult {
  /** Cells from the start to the goal; when the goal cannot be reached, to the cell nearest to it that can. */
  readonly cells: number[];
  readonly reachesGoal: boolean;
  /** How many cells were looked at: all that can be reached, when the goal cannot. */
  readonly visited: number;
}

export interface AStarOptions {
  /** Ways longer than this are not looked at, metres. */
  readonly maxLength?: number;
  /** Where a way that does not reach the goal may end. */
  readonly canStopAt: (cell: number) => boolean;
}

/** The octile length of a straight line is up to this much longer than the line. */
const OCTILE_STRETCH = Math.sqrt(4 - 2 * Math.SQRT2);

const DX = [1, 1, 0, -1, -1, -1, 0, 1];
const DY = [0, 1, 1, 1, 0, -1, -1, -1];

/**
 * A* on the eight neighbours of each cell, over `stepCosts`: the way of least cost, and of least octile length where
 * costs are equal. Does not cut the corners of cells it must not enter.
 */
export function aStar(
  grid: PlanningGrid,
  costs: Float32Array,
  start: number,
  goal: number,
  { maxLength = Number.POSITIVE_INFINITY, canStopAt }: AStarOptions,
): AStarResult {
  const { width, height } = grid;
  const size = width * height;
  const maxCells = (maxLength * OCTILE_STRETCH) / grid.resolution;
  const best = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const length = new Float32Array(size);
  const cameFrom = new Int8Array(size).fill(-1);
  const isClosed = new Uint8Array(size);
  const offsets = DX.map((dx, i) => dx + (DY[i] as number) * width);
  const queue = new FlatQueue<number>();
  const [goalX, goalY] = [goal % width, Math.floor(goal / width)];

  let visited = 0;
  let nearest = start;
  let nearestDistance = Number.POSITIVE_INFINITY;
  best[start] = 0;
  queue.push(start, 0);
  for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
    if (isClosed[cell] !== 0) continue;
    isClosed[cell] = 1;
    visited++;
    if (cell === goal) break;
    const cx = cell % width;
    const cy = (cell - cx) / width;
    const toGoal = (goalX - cx) ** 2 + (goalY - cy) ** 2;
    if (toGoal < nearestDistance && canStopAt(cell)) {
      nearest = cell;
      nearestDistance = toGoal;
    }
    const soFar = best[cell] as number;
    const walked = length[cell] as number;
    for (let d = 0; d < 8; d++) {
      const dx = DX[d] as number;
      const dy = DY[d] as number;
      const nx = cx + dx;
      const ny = cy + dy;
      if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
      const next = cell + (offsets[d] as number);
      const cost = costs[next] as number;
      if (cost === 0 || isClosed[next] !== 0) continue;
      const isDiagonal = (d & 1) === 1;
      if (isDiagonal && (costs[cell + dx] === 0 || costs[cell + dy * width] === 0)) continue;
      const step = isDiagonal ? Math.SQRT2 : 1;
      const total = soFar + step * cost;
      if (total >= (best[next] as number)) continue;
      const ahead = octile(Math.abs(goalX - nx), Math.abs(goalY - ny));
      if (walked + step + ahead > maxCells) continue;
      best[next] = total;
      length[next] = walked + step;
      cameFrom[next] = d;
      queue.push(next, total + ahead);
    }
  }
  const reachesGoal = isClosed[goal] !== 0;
  const cells = wayBack(reachesGoal ? goal : nearest, cameFrom, offsets);
  return { cells, reachesGoal, visited };
}

function octile(dx: number, dy: number): number {
  return dx > dy ? dx + (Math.SQRT2 - 1) * dy : dy + (Math.SQRT2 - 1) * dx;
}

function wayBack(end: number, cameFrom: Int8Array, offsets: readonly number[]): number[] {
  const cells = [end];
  for (let cell = end; cameFrom[cell] !== -1; ) {
    cell -= offsets[cameFrom[cell] as number] as number;
    cells.push(cell);
  }
  return cells.reverse();
}
