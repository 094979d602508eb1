/**
 * Metres from the centre of every cell to the centre of the nearest obstacle cell, `Infinity` when there is none: the
 * exact Euclidean distance transform in linear time of Felzenszwalb & Huttenlocher, "Distance Transforms of Sampled
 * Functions" (2012). For a yes-or-no grid its first pass is two sweeps; the second is the lower envelope of parabolas.
 *
 * @param obstacles `width * height` cells row by row, not 0 where occupied
 * @param resolution metres per cell
 */
export function distanceTransform(
  obstacles: Uint8Array,
  width: number,
  height: number,
  resolution: number,
): Float32Array {
  const far = width + height;
  const distance = new Float32Array(width * height);
  if (!sweepColumns(obstacles, distance, width, height, far)) return distance.fill(Number.POSITIVE_INFINITY);

  const squared = new Float64Array(width);
  const vertex = new Int32Array(width);
  const border = new Float64Array(width + 1);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) squared[x] = (distance[row + x] as number) ** 2;
    lowerEnvelope(squared, vertex, border, width);
    let k = 0;
    for (let x = 0; x < width; x++) {
      while ((border[k + 1] as number) < x) k++;
      const v = vertex[k] as number;
      distance[row + x] = Math.sqrt((x - v) * (x - v) + (squared[v] as number)) * resolution;
    }
  }
  return distance;
}

/** Cells to the nearest obstacle in the same column, `far` when it has none. Returns whether there is any obstacle. */
function sweepColumns(obstacles: Uint8Array, distance: Float32Array, width: number, height: number, far: number) {
  let any = false;
  for (let x = 0; x < width; x++) {
    const isObstacle = obstacles[x] !== 0;
    any ||= isObstacle;
    distance[x] = isObstacle ? 0 : far;
  }
  for (let i = width; i < width * height; i++) {
    const isObstacle = obstacles[i] !== 0;
    any ||= isObstacle;
    distance[i] = isObstacle ? 0 : Math.min((distance[i - width] as number) + 1, far);
  }
  for (let i = width * (height - 1) - 1; i >= 0; i--) {
    const below = (distance[i + width] as number) + 1;
    if (below < (distance[i] as number)) distance[i] = below;
  }
  return any;
}

/** Fills `vertex` with the parabolas of the lower envelope, and `border` with where each begins and ends. */
function lowerEnvelope(squared: Float64Array, vertex: Int32Array, border: Float64Array, width: number): void {
  let k = 0;
  vertex[0] = 0;
  border[0] = Number.NEGATIVE_INFINITY;
  border[1] = Number.POSITIVE_INFINITY;
  for (let q = 1; q < width; q++) {
    const height = (squared[q] as number) + q * q;
    let meet: number;
    for (;;) {
      const v = vertex[k] as number;
      meet = (height - (squared[v] as number) - v * v) / (2 * (q - v));
      if (meet > (border[k] as number)) break;
      k--;
    }
    k++;
    vertex[k] = q;
    border[k] = meet;
    border[k + 1] = Number.POSITIVE_INFINITY;
  }
}
