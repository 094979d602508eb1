import { type Odometry, yawFromQuaternion } from "@dimos/msgs";
import type { PlanarPose } from "../planar-pose.ts";

/** Where an odometry message says the robot is: metres and radians in the frame of the odometry. */
export function planarPose({
  pose: { pose },
}: {
  readonly pose: { readonly pose: Odometry["pose"]["pose"] };
}): PlanarPose {
  return { x: pose.position.x, y: pose.position.y, yaw: yawFromQuaternion(pose.orientation) };
}
