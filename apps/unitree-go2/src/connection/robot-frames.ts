import type { TFMessage, TransformStamped } from "@dimos/msgs";
import { quaternionFromYaw, timeFromSeconds } from "@dimos/msgs/math";
import { CAMERA_MOUNT, LIDAR_MOUNT, type Mount } from "../sensors/sensor-pose.ts";

/**
 * The frames of a Go2, each the parent of the next ones; x forward, y left, z up (REP 103, 105), metres.
 *
 * - `world`: the world file's own; z = 0 is the floor. Only the ground truth of a simulation is given in it
 * - `odom`: where odometry counts from: it lies on `world` at the start and drifts away with the odometry. Maps, paths
 *   and goals are in it
 * - `base_link`: the middle of the robot's body
 * - `lidar_link`, `camera_link`: the sensors, looking forward
 * - `camera_optical`: the camera again with z forward, x right, y down, as pictures are
 */
export const FRAMES = Object.freeze({
  world: "world",
  odom: "odom",
  base: "base_link",
  lidar: "lidar_link",
  camera: "camera_link",
  optical: "camera_optical",
});

type NameFrame = (id: string) => string;

/** Turns x forward, y left, z up into z forward, x right, y down. */
const OPTICAL_ROTATION = Object.freeze({ x: -0.5, y: 0.5, z: -0.5, w: 0.5 });

/** The whole tree from `odom` to the sensors at one moment. */
export function robotTransforms(
  pose: { readonly x: number; readonly y: number; readonly yaw: number; readonly z: number },
  seconds: number,
  frame: NameFrame,
): TFMessage {
  const stamp = timeFromSeconds(seconds);
  const link = (parent: string, child: string, transform: TransformStamped["transform"]): TransformStamped => ({
    header: { stamp, frameId: frame(parent) },
    childFrameId: frame(child),
    transform,
  });
  return {
    transforms: [
      link(FRAMES.odom, FRAMES.base, {
        translation: { x: pose.x, y: pose.y, z: pose.z },
        rotation: quaternionFromYaw(pose.yaw),
      }),
      link(FRAMES.base, FRAMES.lidar, mounted(LIDAR_MOUNT)),
      link(FRAMES.base, FRAMES.camera, mounted(CAMERA_MOUNT)),
      link(FRAMES.camera, FRAMES.optical, { translation: { x: 0, y: 0, z: 0 }, rotation: OPTICAL_ROTATION }),
    ],
  };
}

function mounted({ forward, up }: Mount): TransformStamped["transform"] {
  return { translation: { x: forward, y: 0, z: up }, rotation: quaternionFromYaw(0) };
}
