import type { Odometry } from "@dimos/msgs";
import { quaternionFromYaw, timeFromSeconds } from "@dimos/msgs/math";
import type { PlanarPose } from "../planar-pose.ts";
import type { Velocity } from "../simulator/lagged-velocity.ts";

export interface BodyMotion {
  readonly pose: PlanarPose;
  /** In the body frame. */
  readonly velocity: Velocity;
  /** Height of the base above the floor, metres. */
  readonly height: number;
}

/** Where a body is in `frameId`, and how it moves in its own frame. */
export function odometryMessage(
  { pose, velocity, height }: BodyMotion,
  seconds: number,
  frameId: string,
  childFrameId: string,
): Odometry {
  return {
    header: { stamp: timeFromSeconds(seconds), frameId },
    childFrameId,
    pose: { pose: { position: { x: pose.x, y: pose.y, z: height }, orientation: quaternionFromYaw(pose.yaw) } },
    twist: {
      twist: { linear: { x: velocity.vx, y: velocity.vy, z: 0 }, angular: { x: 0, y: 0, z: velocity.vyaw } },
    },
  };
}
