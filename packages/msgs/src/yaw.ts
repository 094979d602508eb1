import type { Quaternion } from "./geometry.ts";
import { unitQuaternion } from "./unit-quaternion.ts";

/**
 * Heading about the z axis of a rotation, in [-pi, pi]. Radians, counter-clockwise from x (REP 103).
 *
 * @throws RotationError when the quaternion is not of unit length
 */
export function yawFromQuaternion(rotation: Readonly<Quaternion>): number {
  const q = unitQuaternion(rotation);
  return Math.atan2(2 * (q.w * q.z + q.x * q.y), 1 - 2 * (q.y * q.y + q.z * q.z));
}

/** The rotation by `yaw` radians about the z axis, roll and pitch zero. */
export function quaternionFromYaw(yaw: number): Quaternion {
  return { x: 0, y: 0, z: Math.sin(yaw / 2), w: Math.cos(yaw / 2) };
}
