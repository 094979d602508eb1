import type { Point, Transform } from "./geometry.ts";
import { invertQuaternion, multiplyQuaternions, rotateVector, slerp } from "./rotation.ts";

/** No translation, no rotation. */
export const IDENTITY_TRANSFORM: Transform = Object.freeze({
  translation: Object.freeze({ x: 0, y: 0, z: 0 }),
  rotation: Object.freeze({ x: 0, y: 0, z: 0, w: 1 }),
});

/** The transform that first does `b`, then `a`: from `b`'s child frame into `a`'s parent frame. */
export function composeTransforms(a: Readonly<Transform>, b: Readonly<Transform>): Transform {
  return { translation: applyTransform(a, b.translation), rotation: multiplyQuaternions(a.rotation, b.rotation) };
}

/** The transform back: from the parent frame into the child frame. */
export function invertTransform({ translation, rotation }: Readonly<Transform>): Transform {
  const back = invertQuaternion(rotation);
  const { x, y, z } = rotateVector(back, translation);
  return { translation: { x: 0 - x, y: 0 - y, z: 0 - z }, rotation: back };
}

/** A point of the child frame in the parent frame. Metres. */
export function applyTransform({ translation, rotation }: Readonly<Transform>, point: Readonly<Point>): Point {
  const { x, y, z } = rotateVector(rotation, point);
  return { x: x + translation.x, y: y + translation.y, z: z + translation.z };
}

/** Between two transforms: `share` 0 gives `a`, 1 gives `b`. */
export function interpolateTransforms(a: Readonly<Transform>, b: Readonly<Transform>, share: number): Transform {
  const between = (from: number, to: number) => from + (to - from) * share;
  return {
    translation: {
      x: between(a.translation.x, b.translation.x),
      y: between(a.translation.y, b.translation.y),
      z: between(a.translation.z, b.translation.z),
    },
    rotation: slerp(a.rotation, b.rotation, share),
  };
}
