import { planarDistance } from "../planar-pose.ts";
import { COMFORT_M, COST_WEIGHT, INFLATION_M, UNKNOWN_COST } from "./planner-constants.ts";
import type { PlanningGrid } from "./planning-grid.ts";

/** A place near which the robot may come nearer to obstacles than the inflation. */
export interface TightEnd {
  readonly x: number;
  readonly y: number;
  /** How far around, metres. */
  readonly radius: number;
  /** Clearance to keep there, metres. */
  readonly clearance: number;
}

/**
 * What a metre through each cell is worth: `1 + COST_WEIGHT * cost` with cost 0 (free) to 1, 0 where the robot must not
 * go. The cost is the highest of the map's own, of what nobody has seen, and of the nearness of obstacles, which falls
 * from 1 at the inflation to 0 at `COMFORT_M`.
 */
export function stepCosts(grid: PlanningGrid, tightEnds: readonly TightEnd[]): Float32Array {
  const costs = new Float32Array(grid.values.length);
  for (let cell = 0; cell < costs.length; cell++) {
    const clearance = grid.clearance[cell] as number;
    if (clearance >= INFLATION_M) costs[cell] = 1 + COST_WEIGHT * cellCost(grid.values[cell] as number, clearance);
  }
  for (const end of tightEnds) openTightEnd(grid, costs, end);
  return costs;
}

function cellCost(value: number, clearance: number): number {
  const nearness = Math.max((COMFORT_M - clearance) / (COMFORT_M - INFLATION_M), 0);
  const seen = value < 0 ? UNKNOWN_COST : Math.min(value, 99) / 100;
  return Math.max(nearness * nearness, seen);
}

function openTightEnd(grid: PlanningGrid, costs: Float32Array, { x, y, radius, clearance }: TightEnd): void {
  for (let py = y - radius; py <= y + radius; py += grid.resolution) {
    for (let px = x - radius; px <= x + radius; px += grid.resolution) {
      const cell = grid.cellAt(px, py);
      if (cell < 0 || costs[cell] !== 0 || planarDistance(grid.centreOf(cell), { x, y }) > radius) continue;
      if ((grid.clearance[cell] as number) >= clearance) costs[cell] = 1 + 2 * COST_WEIGHT;
    }
  }
}
