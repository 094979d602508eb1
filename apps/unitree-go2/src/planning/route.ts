import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import { aStar } from "./a-star.ts";
import { FollowedPath } from "./followed-path.ts";
import { type Point2, resamplePath, smoothPath } from "./path-shape.ts";
import {
  ARRIVAL_M,
  ESCAPE_CLEARANCE_M,
  ESCAPE_RADIUS_M,
  GOAL_TOLERANCE_M,
  MAP_NOISE_M,
  PATH_SPACING_M,
  SHUT_IN_M2,
  TIGHT_ENDS_M,
  WORTH_CHANGING_M,
} from "./planner-constants.ts";
import type { PlanningGrid } from "./planning-grid.ts";
import { safeGoalCell } from "./safe-goal.ts";
import { stepCosts, type TightEnd } from "./step-cost.ts";

/** A way to a goal, or to the place nearest to it that can be reached. */
export interface Route {
  readonly path: FollowedPath;
  /** Where the path ends, and how it falls short of the goal: `undefined` when it leads to the goal itself. */
  readonly shortfall: Shortfall | undefined;
  /** The goal, or the safe place that stands in for it. */
  readonly target: Point2;
}

/** `goal-occupied`: the goal is too near to an obstacle, the path ends at a safe place. `no-way`: no way leads there. */
export type Shortfall = "goal-occupied" | "no-way";

export interface RouteOptions {
  readonly safeGoalClearance: number;
  /** Longest way to look at, metres. */
  readonly maxLength?: number | undefined;
  /** Target of the route before: a safe place is kept while it is about as good as the best, or it would wander. */
  readonly oldTarget?: Point2 | undefined;
}

/** Plans from the robot to the goal; `undefined` when either lies off the grid. */
export function planRoute(
  grid: PlanningGrid,
  robot: PlanarPose,
  goal: Point2,
  { safeGoalClearance, maxLength, oldTarget }: RouteOptions,
): Route | undefined {
  const start = grid.cellAt(robot.x, robot.y);
  if (start < 0 || grid.cellAt(goal.x, goal.y) < 0) return undefined;
  const target = safeTarget(grid, goal, safeGoalClearance, robot, oldTarget);
  const search = (startEnd: TightEnd) => {
    const costs = stepCosts(grid, [startEnd, { ...target, radius: TIGHT_ENDS_M, clearance: safeGoalClearance }]);
    const found = aStar(grid, costs, start, grid.cellAt(target.x, target.y), {
      ...(maxLength === undefined ? {} : { maxLength }),
      canStopAt: (cell) => grid.isKnown(cell) && (grid.clearance[cell] as number) >= safeGoalClearance,
    });
    return { costs, ...found };
  };
  // Near its start the robot may keep the clearance that it has, less what rounding to cells takes.
  const clearance = Math.max((grid.clearance[start] as number) - 0.02, 0.01);
  const usual = search({ x: robot.x, y: robot.y, radius: TIGHT_ENDS_M, clearance });
  const isShutIn = !usual.reachesGoal && usual.visited * grid.resolution ** 2 < SHUT_IN_M2;
  const wayOut = isShutIn
    ? search({ x: robot.x, y: robot.y, radius: ESCAPE_RADIUS_M, clearance: Math.min(clearance, ESCAPE_CLEARANCE_M) })
    : usual;
  const { costs, cells, reachesGoal } = wayOut.reachesGoal ? wayOut : usual;
  const end = reachesGoal ? target : endOf(grid, cells, robot);
  const points = resamplePath(smoothPath(grid, costs, cells, robot, end), PATH_SPACING_M);
  return { path: new FollowedPath(points, grid), target, shortfall: shortfallOf(end, goal, reachesGoal) };
}

/** The goal when it is safe, else a safe place near it; the goal itself when there is none. */
function safeTarget(
  grid: PlanningGrid,
  goal: Point2,
  clearance: number,
  robot: Point2,
  old: Point2 | undefined,
): Point2 {
  if (grid.clearanceAt(goal.x, goal.y) >= clearance) return { x: goal.x, y: goal.y };
  const cell = safeGoalCell(grid, grid.cellAt(goal.x, goal.y), clearance, robot);
  if (cell < 0) return { x: goal.x, y: goal.y };
  const best = grid.centreOf(cell);
  const keepsOld =
    old !== undefined &&
    grid.clearanceAt(old.x, old.y) >= clearance - MAP_NOISE_M / 2 &&
    planarDistance(old, goal) < planarDistance(best, goal) + WORTH_CHANGING_M;
  return keepsOld ? old : best;
}

function shortfallOf(end: Point2, goal: Point2, reachesTarget: boolean): Shortfall | undefined {
  if (planarDistance(end, goal) <= GOAL_TOLERANCE_M - ARRIVAL_M) return undefined;
  return reachesTarget ? "goal-occupied" : "no-way";
}

function endOf(grid: PlanningGrid, cells: readonly number[], robot: PlanarPose): Point2 {
  const last = cells.at(-1);
  return last === undefined || cells.length === 1 ? { x: robot.x, y: robot.y } : grid.centreOf(last);
}
