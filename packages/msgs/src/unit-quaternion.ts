import type { Quaternion } from "./geometry.ts";

/** Rotations of 32-bit floats, or of text with four digits, are this near to length 1. */
const TOLERANCE = 1e-3;
/** Nearer than this, rounding is all there is to correct. */
const ROUNDING = 1e-12;
const [MIN_SQUARED, MAX_SQUARED] = [(1 - TOLERANCE) ** 2, (1 + TOLERANCE) ** 2];

/** - `NOT_UNIT_LENGTH`: a quaternion is not a rotation, because its length is not 1 */
export type RotationErrorCode = "NOT_UNIT_LENGTH";

/** A quaternion that is not a rotation. Not a `DimosError`: `@dimos/msgs/math` has no dependencies. */
export class RotationError extends Error {
  override readonly name = "RotationError";
  readonly code: RotationErrorCode = "NOT_UNIT_LENGTH";
}

/** Says, as a clause, why a quaternion is not a rotation: its length differs from 1 by more than 0.001, or is not a number. */
export function rotationFault(q: Readonly<Quaternion>): string | undefined {
  const squared = lengthSquared(q);
  return squared >= MIN_SQUARED && squared <= MAX_SQUARED ? undefined : describe(q, Math.sqrt(squared));
}

/**
 * The rotation itself when its length is 1, else a copy of length 1.
 *
 * @throws RotationError when the length differs from 1 by more than 0.001
 */
export function unitQuaternion(q: Readonly<Quaternion>): Readonly<Quaternion> {
  const squared = lengthSquared(q);
  if (Math.abs(squared - 1) < ROUNDING) return q;
  if (!(squared >= MIN_SQUARED && squared <= MAX_SQUARED))
    throw new RotationError(`The quaternion ${describe(q, Math.sqrt(squared))}.`);
  const length = Math.sqrt(squared);
  return { x: q.x / length, y: q.y / length, z: q.z / length, w: q.w / length };
}

function lengthSquared({ x, y, z, w }: Readonly<Quaternion>): number {
  return x * x + y * y + z * z + w * w;
}

function describe({ x, y, z, w }: Readonly<Quaternion>, length: number): string {
  const short = (value: number) => (Number.isFinite(value) ? String(Number(value.toPrecision(5))) : String(value));
  const remedy = length > 0 && Number.isFinite(length) ? "normalise it" : "give a rotation";
  return `(x ${short(x)}, y ${short(y)}, z ${short(z)}, w ${short(w)}) has length ${short(length)}, expected 1; ${remedy}, identity is w = 1`;
}
