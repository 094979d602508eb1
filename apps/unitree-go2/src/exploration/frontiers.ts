import type { Point2 } from "../planning/path-shape.ts";
import { SAFE_GOAL_CLEARANCE_M } from "../planning/planner-constants.ts";
import type { PlanningGrid } from "../planning/planning-grid.ts";
import { floodFrom } from "./wavefront.ts";

/** Unknown floor counts for a frontier up to this far from it. Metres. */
const GAIN_RADIUS_M = 2;

/** An edge of the known floor that the robot can drive to. */
export interface Frontier {
  /** Where to stand: the cell of the frontier nearest to its middle. */
  readonly goal: Point2;
  /** Metres to drive there from the robot, over known floor. */
  readonly distance: number;
  /** Length of the edge, metres. */
  readonly length: number;
  /** Unknown floor that begins behind it, square metres. */
  readonly gain: number;
}

/**
 * Finds the frontiers of a map: known floor that can be reached and borders on what nobody has seen (Yamauchi, "A
 * frontier-based approach for autonomous exploration", CIRA 1997), by the wavefront frontier detector of Keidar &
 * Kaminka ("Robot exploration with fast frontier detection", AAMAS 2012): one breadth-first search over the floor that
 * can be reached, and from each frontier cell that it meets a second one along the frontier. Only what can be reached
 * is looked at, never the whole map.
 *
 * @param minGain frontiers with less unknown floor behind them are specks of the map, square metres
 */
export function findFrontiers(grid: PlanningGrid, robot: Point2, minGain: number): Frontier[] {
  const { distance, cells } = floodFrom(grid, robot);
  const isTaken = new Uint8Array(distance.length);
  const floodedBy = new Int32Array(distance.length);
  const frontiers: Frontier[] = [];
  let searches = 0;
  for (const cell of cells) {
    // The cell that the robot stands on is among them, also when nobody has seen it.
    if (isTaken[cell] !== 0 || !grid.isKnown(cell) || !isFrontier(grid, cell)) continue;
    const edge = alongFrontier(grid, cell, distance, isTaken);
    const goal = nearestToMiddle(grid, edge);
    const gain = unknownBehind(grid, edge, goal, floodedBy, ++searches) * grid.resolution ** 2;
    if (gain < minGain) continue;
    frontiers.push({
      goal: grid.centreOf(goal),
      distance: distance[goal] as number,
      length: edge.length * grid.resolution,
      gain,
    });
  }
  return frontiers;
}

/** The known floor, square metres: free, or too near to an obstacle for the robot's middle, but not occupied. */
export function knownFloor({ values, obstacles, resolution }: PlanningGrid): number {
  let count = 0;
  for (let cell = 0; cell < values.length; cell++) {
    if ((values[cell] as number) >= 0 && obstacles[cell] === 0) count++;
  }
  return count * resolution ** 2;
}

function isFrontier(grid: PlanningGrid, cell: number): boolean {
  const { width, values } = grid;
  const x = cell % width;
  return (
    (x > 0 && values[cell - 1] === -1) ||
    (x < width - 1 && values[cell + 1] === -1) ||
    values[cell - width] === -1 ||
    values[cell + width] === -1
  );
}

/** The cells of the frontier that `first` lies on: reached, and connected over sides and corners. */
function alongFrontier(grid: PlanningGrid, first: number, distance: Float32Array, isTaken: Uint8Array): number[] {
  const edge = [first];
  isTaken[first] = 1;
  for (let i = 0; i < edge.length; i++) {
    for (const next of around(grid, edge[i] as number)) {
      if (isTaken[next] !== 0 || distance[next] === Number.POSITIVE_INFINITY || !isFrontier(grid, next)) continue;
      isTaken[next] = 1;
      edge.push(next);
    }
  }
  return edge;
}

/** The cell nearest to the middle of all of them; those with room to turn come first. */
function nearestToMiddle(grid: PlanningGrid, edge: readonly number[]): number {
  const { width } = grid;
  const mean = (of: (cell: number) => number) => edge.reduce((sum, cell) => sum + of(cell), 0) / edge.length;
  const x = mean((cell) => cell % width);
  const y = mean((cell) => Math.floor(cell / width));
  const roomy = edge.filter((cell) => (grid.clearance[cell] as number) >= SAFE_GOAL_CLEARANCE_M);
  let best = Number.POSITIVE_INFINITY;
  let nearest = edge[0] as number;
  for (const cell of roomy.length > 0 ? roomy : edge) {
    const off = Math.hypot((cell % width) - x, Math.floor(cell / width) - y);
    if (off >= best) continue;
    best = off;
    nearest = cell;
  }
  return nearest;
}

/** How many unknown cells are connected with the frontier, within `GAIN_RADIUS_M` of its goal. */
function unknownBehind(
  grid: PlanningGrid,
  edge: readonly number[],
  goal: number,
  floodedBy: Int32Array,
  mark: number,
): number {
  const { width, resolution, values } = grid;
  const reach = (GAIN_RADIUS_M / resolution) ** 2;
  const [gx, gy] = [goal % width, Math.floor(goal / width)];
  const flooded = [...edge];
  for (let i = 0; i < flooded.length; i++) {
    const cell = flooded[i] as number;
    for (const next of [cell - 1, cell + 1, cell - width, cell + width]) {
      if (values[next] !== -1 || floodedBy[next] === mark) continue;
      const [dx, dy] = [(next % width) - gx, Math.floor(next / width) - gy];
      if (dx * dx + dy * dy > reach) continue;
      floodedBy[next] = mark;
      flooded.push(next);
    }
  }
  return flooded.length - edge.length;
}

function around({ width, height }: PlanningGrid, cell: number): number[] {
  const cells: number[] = [];
  const x = cell % width;
  const y = (cell - x) / width;
  for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny++) {
    for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, width - 1); nx++) {
      if (nx !== x || ny !== y) cells.push(ny * width + nx);
    }
  }
  return cells;
}
