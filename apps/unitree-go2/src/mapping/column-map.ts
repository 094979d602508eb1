import { finitePoints } from "@dimos/msgs";
import { Go2Error } from "../errors.ts";
import { ROBOT_HEIGHT_M } from "../world/world.ts";
import { type GridBounds, growBounds } from "./grid-bounds.ts";

/** Lower than this is floor: the noise of the lidar is well below. Metres. */
const FLOOR_M = 0.06;
/** Height of a voxel, metres, and how many are stacked in a column. */
const LAYER_M = 0.1;
const LAYERS = 20;
/** The voxels that the robot can run into. */
const BODY_LAYERS = Math.ceil((ROBOT_HEIGHT_M - FLOOR_M) / LAYER_M);

/** Evidence for a voxel: a ray that ends in it adds, one that passes takes away; occupied from `OCCUPIED_FROM` on. */
const HIT = 3;
const MISS = 1;
const MOST = 9;
const OCCUPIED_FROM = 4;

/**
 * Rays that end on something carve free space only this share of their way, less a step: near its end a ray that grazes
 * a wall runs through the same cells as the wall. Rays that end on the floor carve all of it.
 */
const CARVED_SHARE = 0.85;
const CARVE_STOP_M = 0.1;

/** Farther than this from the origin, the 32 bits of a point do not tell one cell from the next. Metres. */
const FARTHEST_M = 100_000;

export interface ColumnMapOptions {
  /** Metres per cell, default 0.05. */
  readonly resolution?: number | undefined;
  /** The map grows up to this width and height, metres, default 60; points beyond it are left out. */
  readonly maxSize?: number | undefined;
  /**
   * Default true: at its largest size the map moves with the sensor, and forgets what lies farthest behind it. What drives by
   * the map would be blind otherwise. False: it stays where it has begun, also when several sensors far apart add to it.
   */
  readonly follows?: boolean | undefined;
}

/** What became of a scan. */
export interface Integrated {
  readonly points: number;
  /** How many of them lie beyond the map, and do not fit in its largest size. */
  readonly beyond: number;
  /** Whether the map moved, and forgot a part of itself. */
  readonly forgot: boolean;
}

type Place = { readonly x: number; readonly y: number; readonly z: number };

/** Whether a map can hold what is seen from there. */
export function isMappable({ x, y, z }: Place): boolean {
  return [x, y, z].every((metres) => Math.abs(metres) <= FARTHEST_M);
}

/**
 * A map of columns of voxels. Every lidar scan adds what it hit and carves what it saw through, so that what has gone
 * disappears. Starts empty and grows with what is seen.
 */
export class ColumnMap {
  readonly resolution: number;
  readonly maxSize: number;
  readonly #follows: boolean;
  #bounds: GridBounds = { originX: 0, originY: 0, width: 0, height: 0 };
  /** `LAYERS` voxels per cell. */
  #evidence = new Uint8Array(0);
  #seen = new Uint8Array(0);

  constructor({ resolution = 0.05, maxSize = 60, follows = true }: ColumnMapOptions = {}) {
    if (!(resolution > 0 && maxSize > resolution)) {
      throw new Go2Error("BAD_MAP", `A map of ${maxSize} m with cells of ${resolution} m makes no sense.`);
    }
    this.resolution = resolution;
    this.maxSize = maxSize;
    this.#follows = follows;
  }

  /** The part of the floor that the map covers. */
  get bounds(): GridBounds {
    return this.#bounds;
  }

  /**
   * Adds a scan. Points that are not finite are left out: infinity says that nothing was hit, but not in which direction
   * once it has been turned into the frame of the map. Rays that end beyond the map carve free space up to its edge. Throws
   * for a sensor that is not `isMappable`.
   *
   * @param scan x, y, z triples in the frame of the map, metres; z = 0 is the floor
   * @param sensor from where they were seen, same frame
   */
  integrate(scan: Float32Array, sensor: Place): Integrated {
    if (!isMappable(sensor)) {
      throw new Go2Error(
        "BAD_MAP",
        `(${sensor.x}, ${sensor.y}, ${sensor.z}) is not where a scan can come from. Give metres, at most 100 km from the origin of the map.`,
      );
    }
    const points = finitePoints(scan);
    const forgot = this.#growTo(points, sensor);
    for (let i = 0; i < points.length; i += 3) {
      this.#carve(sensor, points[i] as number, points[i + 1] as number, points[i + 2] as number);
    }
    let beyond = 0;
    for (let i = 0; i < points.length; i += 3) {
      const isInside = this.#hit(points[i] as number, points[i + 1] as number, points[i + 2] as number);
      if (!isInside) beyond++;
    }
    return { points: points.length / 3, beyond, forgot };
  }

  /**
   * Takes what stands within `radius` metres of a point for as good as gone: one ray that passes frees it, one that
   * ends there keeps it. What the lidar cannot see from where it is, such as low things at the robot's feet, stays.
   */
  doubt(x: number, y: number, radius: number): void {
    const { originX, originY, width, height } = this.#bounds;
    const reach = radius / this.resolution;
    const [cx, cy] = [(x - originX) / this.resolution, (y - originY) / this.resolution];
    for (let row = Math.max(Math.floor(cy - reach), 0); row <= Math.min(cy + reach, height - 1); row++) {
      for (let column = Math.max(Math.floor(cx - reach), 0); column <= Math.min(cx + reach, width - 1); column++) {
        if ((column + 0.5 - cx) ** 2 + (row + 0.5 - cy) ** 2 > reach * reach) continue;
        const first = (row * width + column) * LAYERS;
        for (let voxel = first; voxel < first + LAYERS; voxel++) {
          this.#evidence[voxel] = Math.min(this.#evidence[voxel] as number, OCCUPIED_FROM);
        }
      }
    }
  }

  /** For every cell of `bounds`, row by row: 1 where something stands that the robot can run into. */
  obstacles(): Uint8Array {
    const { width, height } = this.#bounds;
    const obstacles = new Uint8Array(width * height);
    for (let cell = 0; cell < obstacles.length; cell++) {
      const first = cell * LAYERS;
      for (let voxel = first; voxel < first + BODY_LAYERS; voxel++) {
        if ((this.#evidence[voxel] as number) >= OCCUPIED_FROM) {
          obstacles[cell] = 1;
          break;
        }
      }
    }
    return obstacles;
  }

  /** For every cell of `bounds`, row by row: 1 where the floor, or the space in which the robot walks, was seen. */
  seen(): Uint8Array {
    return this.#seen;
  }

  /** Centres of the occupied voxels, x, y, z triples in metres. */
  points(): Float32Array<ArrayBuffer> {
    const { originX, originY, width } = this.#bounds;
    const points: number[] = [];
    for (let voxel = 0; voxel < this.#evidence.length; voxel++) {
      if ((this.#evidence[voxel] as number) < OCCUPIED_FROM) continue;
      const cell = Math.floor(voxel / LAYERS);
      points.push(
        originX + ((cell % width) + 0.5) * this.resolution,
        originY + (Math.floor(cell / width) + 0.5) * this.resolution,
        FLOOR_M + ((voxel % LAYERS) + 0.5) * LAYER_M,
      );
    }
    return Float32Array.from(points);
  }

  #carve(sensor: Place, x: number, y: number, z: number): void {
    const [dx, dy, dz] = [x - sensor.x, y - sensor.y, z - sensor.z];
    const distance = Math.sqrt(dx * dx + dy * dy);
    const { originX, originY, width, height } = this.#bounds;
    const carved = z < FLOOR_M ? distance : distance * CARVED_SHARE - CARVE_STOP_M;
    const wanted = Math.floor(carved / this.resolution);
    if (!(wanted > 0)) return;
    const share = this.resolution / distance;
    // All in cells and layers, so that a step is three additions.
    const stepX = (dx * share) / this.resolution;
    const stepY = (dy * share) / this.resolution;
    const stepZ = (dz * share) / LAYER_M;
    let cx = (sensor.x - originX) / this.resolution;
    let cy = (sensor.y - originY) / this.resolution;
    let layer = (sensor.z - FLOOR_M) / LAYER_M;
    const begin = Math.max(stepsOutside(cx, stepX, width), stepsOutside(cy, stepY, height));
    // Each step is one cell long, so this many steps leave any map, however far away the point is.
    const steps = Math.min(wanted, begin + width + height);
    if (begin > 0) {
      cx += begin * stepX;
      cy += begin * stepY;
      layer += begin * stepZ;
    }
    for (let i = begin; i < steps; i++) {
      cx += stepX;
      cy += stepY;
      layer += stepZ;
      if (cx < 0 || cy < 0 || cx >= width || cy >= height) return;
      if (layer < 0 || layer >= LAYERS) continue;
      const cell = (cy | 0) * width + (cx | 0);
      if (layer < BODY_LAYERS) this.#seen[cell] = 1;
      const voxel = cell * LAYERS + (layer | 0);
      const evidence = this.#evidence[voxel] as number;
      if (evidence === 0) continue;
      this.#evidence[voxel] = evidence - MISS;
      if (evidence === OCCUPIED_FROM && layer < BODY_LAYERS) this.#loseColumn(cell);
    }
  }

  /**
   * Where a ray now passes something stood: it has gone with all of its height. The rings of a lidar are too far apart to
   * pass every layer of it, and a person would leave a trail of feet and shoulders. What is still there one hit brings back.
   */
  #loseColumn(cell: number): void {
    for (let voxel = cell * LAYERS; voxel < (cell + 1) * LAYERS; voxel++) {
      this.#evidence[voxel] = Math.min(this.#evidence[voxel] as number, OCCUPIED_FROM - MISS);
    }
  }

  /** Returns whether the point lies inside the map. */
  #hit(x: number, y: number, z: number): boolean {
    const { originX, originY, width, height } = this.#bounds;
    const cx = Math.floor((x - originX) / this.resolution);
    const cy = Math.floor((y - originY) / this.resolution);
    if (!(cx >= 0 && cy >= 0 && cx < width && cy < height)) return false;
    const cell = cy * width + cx;
    this.#seen[cell] = 1;
    const layer = Math.floor((z - FLOOR_M) / LAYER_M);
    if (layer < 0 || layer >= LAYERS) return true;
    const voxel = cell * LAYERS + layer;
    this.#evidence[voxel] = Math.min((this.#evidence[voxel] as number) + HIT, MOST);
    return true;
  }

  /** Returns whether a part of the map was forgotten. */
  #growTo(points: Float32Array, sensor: Place): boolean {
    const old = this.#bounds;
    const bounds = growBounds(old, points, sensor, {
      resolution: this.resolution,
      maxSize: this.maxSize,
      follows: this.#follows,
    });
    if (bounds === old) return false;
    const evidence = new Uint8Array(bounds.width * bounds.height * LAYERS);
    const seen = new Uint8Array(bounds.width * bounds.height);
    const right = Math.round((old.originX - bounds.originX) / this.resolution);
    const up = Math.round((old.originY - bounds.originY) / this.resolution);
    const [first, last] = [Math.max(-right, 0), Math.min(old.width, bounds.width - right)];
    const [bottom, top] = [Math.max(-up, 0), Math.min(old.height, bounds.height - up)];
    for (let y = bottom; y < top && first < last; y++) {
      const [from, end] = [y * old.width + first, y * old.width + last];
      const to = (y + up) * bounds.width + first + right;
      evidence.set(this.#evidence.subarray(from * LAYERS, end * LAYERS), to * LAYERS);
      seen.set(this.#seen.subarray(from, end), to);
    }
    this.#bounds = bounds;
    this.#evidence = evidence;
    this.#seen = seen;
    return old.width > 0 && (last - first < old.width || top - bottom < old.height);
  }
}

/** Steps after which a ray is inside the map along one axis, or just before that; 0 for one that begins there. */
function stepsOutside(at: number, step: number, size: number): number {
  if (at >= 0 && at < size) return 0;
  const way = at < 0 ? -at : size - at;
  return step !== 0 && Math.sign(step) === Math.sign(way) ? Math.floor(way / step) : Number.POSITIVE_INFINITY;
}
