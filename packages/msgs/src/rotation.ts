import type { Quaternion, Vector3 } from "./geometry.ts";
import { unitQuaternion } from "./unit-quaternion.ts";

// Each of these normalises what it is given, and throws a RotationError for what is not of unit length.

/** The rotation that first does `first`, then `second`. */
export function multiplyQuaternions(second: Readonly<Quaternion>, first: Readonly<Quaternion>): Quaternion {
  const [a, b] = [unitQuaternion(second), unitQuaternion(first)];
  return {
    x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
    y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
    z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
    w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
  };
}

/** The rotation back. */
export function invertQuaternion(rotation: Readonly<Quaternion>): Quaternion {
  const { x, y, z, w } = unitQuaternion(rotation);
  return { x: 0 - x, y: 0 - y, z: 0 - z, w };
}

/** The vector, rotated. */
export function rotateVector(rotation: Readonly<Quaternion>, v: Readonly<Vector3>): Vector3 {
  const q = unitQuaternion(rotation);
  // v + 2 w (u x v) + 2 u x (u x v), where u is the vector part.
  const tx = 2 * (q.y * v.z - q.z * v.y);
  const ty = 2 * (q.z * v.x - q.x * v.z);
  const tz = 2 * (q.x * v.y - q.y * v.x);
  return {
    x: v.x + q.w * tx + q.y * tz - q.z * ty,
    y: v.y + q.w * ty + q.z * tx - q.x * tz,
    z: v.z + q.w * tz + q.x * ty - q.y * tx,
  };
}

/** Between two rotations, the shorter way round: `share` 0 gives `from`, 1 gives `to` (Shoemake 1985, slerp). */
export function slerp(from: Readonly<Quaternion>, to: Readonly<Quaternion>, share: number): Quaternion {
  const [a, b] = [unitQuaternion(from), unitQuaternion(to)];
  const dot = a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
  const sign = dot < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(Math.abs(dot), 1));
  // For nearly equal rotations the line between them is as good, and does not divide by zero.
  const isLine = angle < 1e-6;
  const wa = isLine ? 1 - share : Math.sin((1 - share) * angle) / Math.sin(angle);
  const wb = sign * (isLine ? share : Math.sin(share * angle) / Math.sin(angle));
  return { x: wa * a.x + wb * b.x, y: wa * a.y + wb * b.y, z: wa * a.z + wb * b.z, w: wa * a.w + wb * b.w };
}
