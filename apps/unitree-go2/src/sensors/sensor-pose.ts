import { moveInFrame, type PlanarPose } from "../planar-pose.ts";

/** Where a sensor is and looks: metres, radians; z above the floor. */
export interface SensorPose extends PlanarPose {
  readonly z: number;
}

/** Where a sensor sits on the base, metres forward and up. Both look forward and level. */
export interface Mount {
  readonly forward: number;
  readonly up: number;
}

export const LIDAR_MOUNT: Mount = Object.freeze({ forward: 0, up: 0.12 });
export const CAMERA_MOUNT: Mount = Object.freeze({ forward: 0.3, up: 0.08 });

/** The pose of a sensor on a base that stands at `base`, `baseHeight` metres high. */
export function mountedAt(base: PlanarPose, baseHeight: number, mount: Mount): SensorPose {
  return { ...moveInFrame(base, mount.forward, 0), z: baseHeight + mount.up };
}
