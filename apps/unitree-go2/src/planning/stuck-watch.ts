import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import { STUCK_RADIUS_M, STUCK_TIME_S } from "./planner-constants.ts";

/** Notices when the robot wants to move and does not: less than `STUCK_RADIUS_M` in `STUCK_TIME_S`. */
export class StuckWatch {
  #anchor: PlanarPose;
  #since: number;

  constructor(pose: PlanarPose, now: number) {
    this.#anchor = pose;
    this.#since = now;
  }

  /** Whether the robot is stuck at `now` seconds. */
  isStuck(pose: PlanarPose, now: number): boolean {
    if (planarDistance(pose, this.#anchor) >= STUCK_RADIUS_M) {
      this.#anchor = pose;
      this.#since = now;
    }
    return now - this.#since >= STUCK_TIME_S;
  }
}
