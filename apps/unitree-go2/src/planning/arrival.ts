import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import type { GoalOptions, NavigationGoal } from "./navigation.ts";
import {
  ARRIVAL_HEADING_RAD,
  ARRIVAL_M,
  GOAL_TOLERANCE_M,
  HEADING_TOLERANCE_RAD,
  SETTLE_S,
} from "./planner-constants.ts";

/** What counts as reached. */
export interface Tolerance {
  readonly metres: number;
  readonly radians: number;
}

/** The planner's own tolerance, or less when the goal wants that. */
export function toleranceOf({ toleranceM = GOAL_TOLERANCE_M, toleranceRad = HEADING_TOLERANCE_RAD }: GoalOptions = {}) {
  return {
    metres: Math.min(toleranceM, GOAL_TOLERANCE_M),
    radians: Math.min(toleranceRad, HEADING_TOLERANCE_RAD),
  } satisfies Tolerance;
}

/** Whether a goal counts as reached when this much is left to go and to turn. */
export function isWithin(distance: number, turnLeft: number | undefined, { metres, radians }: Tolerance): boolean {
  return distance <= metres && Math.abs(turnLeft ?? 0) <= radians;
}

/** Says when a goal is reached: on the spot, or within tolerance for a while without getting nearer. */
export class Arrival {
  readonly #goal: NavigationGoal;
  readonly #tolerance: Tolerance;
  readonly #onTheSpot: Tolerance;
  #withinSince: number | undefined;

  constructor(goal: NavigationGoal, tolerance: Tolerance) {
    this.#goal = goal;
    this.#tolerance = tolerance;
    this.#onTheSpot = {
      metres: Math.min(ARRIVAL_M, tolerance.metres),
      radians: Math.min(ARRIVAL_HEADING_RAD, tolerance.radians),
    };
  }

  /** @param turnLeft radians; undefined when any heading will do */
  isDone(pose: PlanarPose, turnLeft: number | undefined, now: number): boolean {
    const distance = planarDistance(pose, this.#goal);
    if (isWithin(distance, turnLeft, this.#onTheSpot)) return true;
    if (!isWithin(distance, turnLeft, this.#tolerance)) {
      this.#withinSince = undefined;
      return false;
    }
    this.#withinSince ??= now;
    return now - this.#withinSince >= SETTLE_S;
  }
}
