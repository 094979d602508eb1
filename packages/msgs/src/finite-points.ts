/**
 * The points of a cloud that are finite, in their order: x, y, z triples, the same array when all are. ROS marks what a
 * sensor did not measure by NaN, and what it looked past by infinity: neither is a place.
 */
export function finitePoints<B extends ArrayBufferLike>(xyz: Float32Array<B>): Float32Array<B> {
  if (hasOnlyFinite(xyz)) return xyz;
  // The memory may be shared with other readers: it is not written to.
  const kept = new Float32Array(xyz.length) as Float32Array<B>;
  let length = 0;
  for (let i = 0; i + 2 < xyz.length; i += 3) {
    const [x, y, z] = [xyz[i] as number, xyz[i + 1] as number, xyz[i + 2] as number];
    if (!Number.isFinite(x + y + z)) continue;
    kept[length] = x;
    kept[length + 1] = y;
    kept[length + 2] = z;
    length += 3;
  }
  return kept.subarray(0, length);
}

/** Nearly every cloud is: one multiplication a number finds it out. */
function hasOnlyFinite(xyz: Float32Array): boolean {
  // Three sums, which do not wait for each other.
  let [x, y, z] = [0, 0, 0];
  for (let i = 0; i + 2 < xyz.length; i += 3) {
    x += (xyz[i] as number) * 0;
    y += (xyz[i + 1] as number) * 0;
    z += (xyz[i + 2] as number) * 0;
  }
  return x + y + z === 0;
}
