import type { Point2 } from "./path-shape.ts";
import { SAFE_GOAL_SEARCH_RADIUS_M, WORTH_CHANGING_M } from "./planner-constants.ts";
import type { PlanningGrid } from "./planning-grid.ts";

/**
 * A cell near `goal` with at least `clearance` metres to every obstacle, found breadth first within
 * `SAFE_GOAL_SEARCH_RADIUS_M`; -1 when there is none. The search passes through obstacles: a goal may lie inside one.
 * Cells that have been seen come first: those not seen are often the inside of the very obstacle. Of cells that are
 * about equally near to the goal, all round a pillar, the one nearest to the robot: it would walk in circles otherwise.
 */
export function safeGoalCell(grid: PlanningGrid, goal: number, clearance: number, robot: Point2): number {
  const hasRoom = (cell: number) => (grid.clearance[cell] as number) >= clearance;
  const isSafe = (cell: number) => grid.isKnown(cell) && hasRoom(cell);
  const known = nearestCell(grid, goal, isSafe);
  if (known >= 0) return nearestToRobot(grid, goal, known, isSafe, robot);
  const unknown = nearestCell(grid, goal, hasRoom);
  return unknown < 0 ? unknown : nearestToRobot(grid, goal, unknown, hasRoom, robot);
}

/** A metre farther from the robot counts as much as this share of a metre farther from the goal. */
const ROBOT_SHARE = 0.1;

/** Of the cells about as near to the goal as `nearest`, the one that is best for the robot too. */
function nearestToRobot(
  grid: PlanningGrid,
  goal: number,
  nearest: number,
  isGood: (cell: number) => boolean,
  robot: Point2,
): number {
  const { width, height, resolution } = grid;
  const [goalX, goalY] = [goal % width, Math.floor(goal / width)];
  const distance = Math.hypot((nearest % width) - goalX, Math.floor(nearest / width) - goalY);
  const reach = distance + WORTH_CHANGING_M / resolution;
  const [robotX, robotY] = [(robot.x - grid.originX) / resolution, (robot.y - grid.originY) / resolution];
  let found = nearest;
  let best = Number.POSITIVE_INFINITY;
  for (let y = Math.max(Math.ceil(goalY - reach), 0); y <= Math.min(goalY + reach, height - 1); y++) {
    for (let x = Math.max(Math.ceil(goalX - reach), 0); x <= Math.min(goalX + reach, width - 1); x++) {
      const fromGoal = Math.hypot(x - goalX, y - goalY);
      const score = fromGoal + ROBOT_SHARE * Math.hypot(x + 0.5 - robotX, y + 0.5 - robotY);
      if (fromGoal > reach || score >= best || !isGood(y * width + x)) continue;
      found = y * width + x;
      best = score;
    }
  }
  return found;
}

/** Searches rings of growing size; the nearest cell of a ring may be farther away than one of the next. */
function nearestCell(grid: PlanningGrid, goal: number, isGood: (cell: number) => boolean): number {
  const { width, height } = grid;
  const reach = Math.floor(SAFE_GOAL_SEARCH_RADIUS_M / grid.resolution);
  const [goalX, goalY] = [goal % width, Math.floor(goal / width)];
  let found = -1;
  let foundDistance = reach + 1;
  for (let ring = 0; ring <= reach && ring < foundDistance; ring++) {
    for (let y = Math.max(goalY - ring, 0); y <= Math.min(goalY + ring, height - 1); y++) {
      const isEdge = Math.abs(y - goalY) === ring;
      for (let x = goalX - ring; x <= goalX + ring; x += isEdge || ring === 0 ? 1 : 2 * ring) {
        if (x < 0 || x >= width) continue;
        const distance = Math.hypot(x - goalX, y - goalY);
        if (distance >= foundDistance || !isGood(y * width + x)) continue;
        found = y * width + x;
        foundDistance = distance;
      }
    }
  }
  return found;
}
