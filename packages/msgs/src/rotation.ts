import type { Quaternion, Vector3 } from "./geometry.ts";

/** The rotation that first does `b`, then `a`. */
export function multiplyQuaternions(a: Readonly<Quaternion>, b: Readonly<Quaternion>): Quaternion {
  return {
    x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
    y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
    z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
    w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
  };
}

/** The rotation back, of a unit quaternion. */
export function invertQuaternion({ x, y, z, w }: Readonly<Quaternion>): Quaternion {
  return { x: 0 - x, y: 0 - y, z: 0 - z, w };
}

/** The vector, rotated by a unit quaternion. */
export function rotateVector(q: Readonly<Quaternion>, v: Readonly<Vector3>): Vector3 {
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

/** Between two rotations, the shorter way round: `share` 0 gives `a`, 1 gives `b` (Shoemake 1985, slerp). */
export function slerp(a: Readonly<Quaternion>, b: Readonly<Quaternion>, share: number): Quaternion {
  const dot = a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
  const sign = dot < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(Math.abs(dot), 1));
  // For nearly equal rotations the line between them is as good, and does not divide by zero.
  const isLine = angle < 1e-6;
  const wa = isLine ? 1 - share : Math.sin((1 - share) * angle) / Math.sin(angle);
  const wb = sign * (isLine ? share : Math.sin(share * angle) / Math.sin(angle));
  return { x: wa * a.x + wb * b.x, y: wa * a.y + wb * b.y, z: wa * a.z + wb * b.z, w: wa * a.w + wb * b.w };
}
