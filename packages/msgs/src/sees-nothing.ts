/**
 * Whether a cloud in the frame of its sensor shows nothing at all: it is empty, or no point is finite, or all lie in the
 * sensor itself, which is what many lidars send for a ray that measured nothing. Such a sensor is covered, broken or
 * switched off. It must not be taken for one that looked and found the way free.
 */
export function seesNothing(xyz: ArrayLike<number>): boolean {
  for (let i = 0; i + 2 < xyz.length; i += 3) {
    const [x, y, z] = [xyz[i] as number, xyz[i + 1] as number, xyz[i + 2] as number];
    if (Number.isFinite(x + y + z) && (x !== 0 || y !== 0 || z !== 0)) return false;
  }
  return true;
}
