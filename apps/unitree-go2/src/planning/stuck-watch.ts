import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import { STUCK_RADIUS_M, STUCK_TIME_S, STUCK_TURN_RAD } from "./planner-constants.ts";

/**
 * Notices when the robot wants to move and does not: less than `STUCK_RADIUS_M` in `STUCK_TIME_S`, and less than
 * `STUCK_TURN_RAD` of a turn that it was asked for.
 */
export class StuckWatch {
  #anchor: PlanarPose;
  #since: number;
  #leastTurn = Number.POSITIVE_INFINITY;

  constructor(pose: PlanarPose, now: number) {
    this.#anchor = pose;
    this.#since = now;
  }

  /**
   * Whether the robot is stuck at `now` seconds.
   *
   * @param turnLeft of a turn that was asked for, radians
   */
  isStuck(pose: PlanarPose, now: number, turnLeft = 0): boolean {
    const isTurning = Math.abs(turnLeft) <= this.#leastTurn - STUCK_TURN_RAD;
    if (isTurning) this.#leastTurn = Math.abs(turnLeft);
    if (isTurning || planarDistance(pose, this.#anchor) >= STUCK_RADIUS_M) {
      this.#anchor = pose;
      this.#since = now;
    }
    return now - this.#since >= STUCK_TIME_S;
  }
}
