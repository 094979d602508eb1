import { wrapAngle } from "@dimos/msgs";
import type { PlanarPose } from "../planar-pose.ts";

/** Adds up how far odometry turned, radians counter-clockwise: two turns to the left are 4 pi. */
export class TurnedAngle {
  #yaw: number;
  #radians = 0;

  constructor(start: PlanarPose) {
    this.#yaw = start.yaw;
  }

  get radians(): number {
    return this.#radians;
  }

  add({ yaw }: PlanarPose): void {
    this.#radians += wrapAngle(yaw - this.#yaw);
    this.#yaw = yaw;
  }
}
