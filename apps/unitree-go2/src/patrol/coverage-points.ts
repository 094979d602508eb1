import { floodFrom } from "../exploration/wavefront.ts";
import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import type { Point2 } from "../planning/path-shape.ts";
import { type CostmapMessage, PlanningGrid } from "../planning/planning-grid.ts";

/** Points of a round keep this far from obstacles. Metres. */
const ROOM_M = 0.5;
/** No round is longer. Points. */
const MAX_POINTS = 60;

/**
 * Points all over the known floor that the robot can reach, at least `spacing` metres apart and with room around them,
 * in the order of a round: each the nearest to the one before.
 */
export function coveragePoints(costmap: CostmapMessage, robot: PlanarPose, spacing: number): Point2[] {
  const grid = new PlanningGrid(costmap, robot, [robot]);
  const points: Point2[] = [];
  for (const cell of floodFrom(grid, robot).cells) {
    if (points.length === MAX_POINTS) break;
    if ((grid.clearance[cell] as number) < ROOM_M) continue;
    const point = grid.centreOf(cell);
    if (points.every((other) => planarDistance(other, point) >= spacing)) points.push(point);
  }
  return inRound(points, robot);
}

function inRound(points: readonly Point2[], from: Point2): Point2[] {
  const left = [...points];
  const round: Point2[] = [];
  for (let at = from; left.length > 0; at = round.at(-1) as Point2) {
    let nearest = 0;
    left.forEach((point, i) => {
      if (planarDistance(point, at) < planarDistance(left[nearest] as Point2, at)) nearest = i;
    });
    round.push(...left.splice(nearest, 1));
  }
  return round;
}
