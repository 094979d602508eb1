import { planarDistance } from "../planar-pose.ts";
import type { PlanningGrid } from "./planning-grid.ts";

export interface Point2 {
  readonly x: number;
  readonly y: number;
}

const SMOOTHING_ROUNDS = 30;

/** The way through the cells with exact ends, its corners smoothed where that brings it no nearer to an obstacle. */
export function smoothPath(
  grid: PlanningGrid,
  costs: Float32Array,
  cells: readonly number[],
  from: Point2,
  to: Point2,
) {
  const points = cells.map((cell) => grid.centreOf(cell));
  points[0] = { x: from.x, y: from.y };
  if (points.length > 1) points[points.length - 1] = { x: to.x, y: to.y };
  else points.push({ x: to.x, y: to.y });
  for (let round = 0; round < SMOOTHING_ROUNDS; round++) {
    for (let i = 1; i < points.length - 1; i++) {
      const [before, here, after] = [points[i - 1], points[i], points[i + 1]] as [Point2, Point2, Point2];
      const x = here.x / 2 + (before.x + after.x) / 4;
      const y = here.y / 2 + (before.y + after.y) / 4;
      const [old, cell] = [grid.cellAt(here.x, here.y), grid.cellAt(x, y)];
      const cost = costs[cell] ?? 0;
      if (cost !== 0 && cost <= Math.max(costs[old] ?? 0, 2)) points[i] = { x, y };
    }
  }
  return points;
}

/** Points on the same line every `spacing` metres; first and last stay. */
export function resamplePath(points: readonly Point2[], spacing: number): Point2[] {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  const resampled: Point2[] = [first];
  let carried = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]] as [Point2, Point2];
    const length = planarDistance(a, b);
    let at = spacing - carried;
    for (; at <= length; at += spacing) {
      resampled.push({ x: a.x + ((b.x - a.x) * at) / length, y: a.y + ((b.y - a.y) * at) / length });
    }
    carried = length - (at - spacing);
  }
  if (planarDistance(resampled.at(-1) ?? first, last) > spacing / 10) resampled.push(last);
  else resampled[Math.max(resampled.length - 1, 1)] = last;
  return resampled;
}
