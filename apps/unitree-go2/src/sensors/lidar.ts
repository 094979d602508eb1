import { radiansFromDegrees } from "@dimos/msgs/math";
import { type Random, seededRandom } from "../random.ts";
import { ColumnRays } from "../world/column-rays.ts";
import type { World } from "../world/world.ts";
import type { SensorPose } from "./sensor-pose.ts";

export const LIDAR_AZIMUTHS = 360;
export const LIDAR_RINGS = 16;
/** The lowest and the highest ring; level is among the 16. */
const LOWEST_RING_RAD = radiansFromDegrees(-30);
const HIGHEST_RING_RAD = radiansFromDegrees(15);

export interface LidarOptions {
  readonly seed: number;
  /** Metres; default 12. */
  readonly range?: number | undefined;
  /** Standard deviation of the range, metres; default 0.01. */
  readonly noise?: number | undefined;
  /** Share of the rays that measure nothing; default 0.01. */
  readonly dropOut?: number | undefined;
}

/** A simulated lidar of 360 x 16 rays. The first azimuth is another one in every scan, so that scans fill each other's gaps. */
export class Lidar {
  readonly #world: World;
  readonly #rays: ColumnRays;
  readonly #random: Random;
  readonly #range: number;
  readonly #noise: number;
  readonly #dropOut: number;
  readonly #slopes: Float64Array;
  readonly #stretch: Float64Array;
  readonly #points = new Float32Array(LIDAR_AZIMUTHS * LIDAR_RINGS * 3);

  constructor(world: World, { seed, range = 12, noise = 0.01, dropOut = 0.01 }: LidarOptions) {
    this.#world = world;
    this.#rays = new ColumnRays(world);
    this.#random = seededRandom(seed);
    this.#range = range;
    this.#noise = noise;
    this.#dropOut = dropOut;
    const step = (HIGHEST_RING_RAD - LOWEST_RING_RAD) / (LIDAR_RINGS - 1);
    this.#slopes = Float64Array.from({ length: LIDAR_RINGS }, (_, ring) => Math.tan(LOWEST_RING_RAD + ring * step));
    this.#stretch = this.#slopes.map((slope) => Math.sqrt(1 + slope * slope));
  }

  /** The points hit, x, y, z triples in metres in the frame of the sensor (x ahead, z up). A fresh array every time. */
  scan(from: SensorPose): Float32Array<ArrayBuffer> {
    const turn = (2 * Math.PI) / LIDAR_AZIMUTHS;
    const first = this.#random.next() * turn;
    let length = 0;
    for (let azimuth = 0; azimuth < LIDAR_AZIMUTHS; azimuth++) {
      const angle = first + azimuth * turn;
      this.#rays.cast(from.x, from.y, Math.cos(angle + from.yaw), Math.sin(angle + from.yaw), this.#range);
      length = this.#measure(from.z, Math.cos(angle), Math.sin(angle), length);
    }
    return this.#points.slice(0, length);
  }

  /** All rings of one azimuth; `cos` and `sin` are its direction in the frame of the sensor. */
  #measure(z: number, cos: number, sin: number, length: number): number {
    let end = length;
    for (let ring = 0; ring < LIDAR_RINGS; ring++) {
      if (this.#random.next() < this.#dropOut) continue;
      const slope = this.#slopes[ring] as number;
      const stretch = this.#stretch[ring] as number;
      const level = this.#nearest(z, slope);
      if (level * stretch > this.#range) continue;
      const noisy = level + (this.#random.gaussian() * this.#noise) / stretch;
      this.#points[end] = noisy * cos;
      this.#points[end + 1] = noisy * sin;
      this.#points[end + 2] = noisy * slope;
      end += 3;
    }
    return end;
  }

  /** Level distance to what a ray of this slope meets first: a side, a top or an underside, the floor or the ceiling. */
  #nearest(z: number, slope: number): number {
    const { shapes, plan } = this.#world;
    const { count, enter, leave, shape } = this.#rays;
    let nearest = Number.POSITIVE_INFINITY;
    if (slope < 0) nearest = -z / slope;
    else if (slope > 0) nearest = (plan.ceiling - z) / slope;
    for (let i = 0; i < count; i++) {
      const t = enter[i] as number;
      if (t >= nearest) break;
      const { bottom, top } = shapes[shape[i] as number] as { bottom: number; top: number };
      const height = z + t * slope;
      if (height >= bottom && height <= top) return t;
      const edge = height > top ? top : bottom;
      const crossing = (edge - z) / slope;
      if (crossing > t && crossing <= (leave[i] as number)) nearest = Math.min(nearest, crossing);
    }
    return nearest;
  }
}

/** The same points in the frame in which the sensor's pose is given. */
export function cloudFromSensor(points: Float32Array, sensor: SensorPose): Float32Array {
  const [cos, sin] = [Math.cos(sensor.yaw), Math.sin(sensor.yaw)];
  const moved = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    const [x, y] = [points[i] as number, points[i + 1] as number];
    moved[i] = sensor.x + cos * x - sin * y;
    moved[i + 1] = sensor.y + sin * x + cos * y;
    moved[i + 2] = sensor.z + (points[i + 2] as number);
  }
  return moved;
}
