import { wrapAngle } from "@dimos/msgs/math";

/** A pose on the floor: metres, and radians counter-clockwise from the x axis. */
export interface PlanarPose {
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
}

/** The pose that lies `forward` and `left` metres away as seen from `from`, turned by `turn` radians. */
export function moveInFrame(from: PlanarPose, forward: number, left: number, turn = 0): PlanarPose {
  const [cos, sin] = [Math.cos(from.yaw), Math.sin(from.yaw)];
  return {
    x: from.x + cos * forward - sin * left,
    y: from.y + sin * forward + cos * left,
    yaw: wrapAngle(from.yaw + turn),
  };
}

/** Metres between two points on the floor. */
export function planarDistance(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Whether all three numbers are finite. */
export function isFinitePose(pose: PlanarPose): boolean {
  return Number.isFinite(pose.x) && Number.isFinite(pose.y) && Number.isFinite(pose.yaw);
}
