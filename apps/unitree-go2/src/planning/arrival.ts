import { wrapAngle } from "@dimos/msgs";
import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import type { NavigationGoal } from "./navigation.ts";
import {
  ARRIVAL_HEADING_RAD,
  ARRIVAL_M,
  GOAL_TOLERANCE_M,
  HEADING_TOLERANCE_RAD,
  SETTLE_S,
} from "./planner-constants.ts";

/** Says when a goal is reached: on the spot, or within tolerance for a while without getting nearer. */
export class Arrival {
  readonly #goal: NavigationGoal;
  #withinSince: number | undefined;

  constructor(goal: NavigationGoal) {
    this.#goal = goal;
  }

  isDone(pose: PlanarPose, now: number): boolean {
    const distance = planarDistance(pose, this.#goal);
    const off = this.#goal.yaw === undefined ? 0 : Math.abs(wrapAngle(this.#goal.yaw - pose.yaw));
    if (distance <= ARRIVAL_M && off <= ARRIVAL_HEADING_RAD) return true;
    if (distance > GOAL_TOLERANCE_M || off > HEADING_TOLERANCE_RAD) {
      this.#withinSince = undefined;
      return false;
    }
    this.#withinSince ??= now;
    return now - this.#withinSince >= SETTLE_S;
  }
}
