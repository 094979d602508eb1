import type { Transform } from "@dimos/msgs";

/** The same points in the frame into which the transform takes them: x, y, z triples in metres, in a fresh array. */
export function transformPoints(points: Float32Array, { translation, rotation }: Transform): Float32Array {
  const { x, y, z, w } = rotation;
  // The rotation as a matrix, row by row: nine products a point instead of two of quaternions.
  const [xx, xy, xz] = [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)];
  const [yx, yy, yz] = [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)];
  const [zx, zy, zz] = [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)];
  const moved = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    const [px, py, pz] = [points[i] as number, points[i + 1] as number, points[i + 2] as number];
    moved[i] = translation.x + xx * px + xy * py + xz * pz;
    moved[i + 1] = translation.y + yx * px + yy * py + yz * pz;
    moved[i + 2] = translation.z + zx * px + zy * py + zz * pz;
  }
  return moved;
}
