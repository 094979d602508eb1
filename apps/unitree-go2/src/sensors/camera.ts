import { ColumnRays } from "../world/column-rays.ts";
import type { World } from "../world/world.ts";
import { type Pinhole, pinhole } from "./pinhole.ts";
import type { SensorPose } from "./sensor-pose.ts";
import { CEILING, FLOOR, Surfaces } from "./surfaces.ts";

/** Farther than this nothing is drawn. Metres. */
const FAR_M = 60;
const NEAR_M = 0.02;

/**
 * A camera drawn in software from the columns of the world: one walk over the floor plan per picture column finds what
 * is visible in each of its rows, then every pixel is shaded once. Level view, no roll or pitch.
 */
export class Camera {
  readonly optics: Pinhole;
  readonly #world: World;
  readonly #rays: ColumnRays;
  readonly #surfaces: Surfaces;
  /** Of the picture column at hand: distance along the picture's depth, and which surface, per row. */
  readonly #depth: Float64Array;
  readonly #surface: Int32Array;

  constructor(world: World, optics: Pinhole = pinhole()) {
    this.optics = optics;
    this.#world = world;
    this.#rays = new ColumnRays(world);
    this.#surfaces = new Surfaces(world);
    this.#depth = new Float64Array(optics.height);
    this.#surface = new Int32Array(optics.height);
  }

  /** Draws what is seen from a pose, as rgb8; into `picture` when one is given (width * height * 3 bytes). */
  render(from: SensorPose, picture?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const { width, height, focal } = this.optics;
    const data = picture ?? new Uint8Array(width * height * 3);
    const [cos, sin] = [Math.cos(from.yaw), Math.sin(from.yaw)];
    this.#surfaces.refresh();
    for (let column = 0; column < width; column++) {
      // The ray of this column, one metre deep into the picture.
      const left = (width / 2 - column - 0.5) / focal;
      const dx = cos - sin * left;
      const dy = sin + cos * left;
      const stretch = Math.hypot(dx, dy);
      this.#rays.cast(from.x, from.y, dx / stretch, dy / stretch, FAR_M);
      this.#findVisible(from.z, stretch);
      this.#surfaces.shadeColumn(data, column, { from, dx, dy, optics: this.optics }, this.#depth, this.#surface);
    }
    return data;
  }

  /** For every row the nearest surface: floor and ceiling first, then what stands before them. */
  #findVisible(z: number, stretch: number): void {
    const { height, focal } = this.optics;
    const { shapes, plan } = this.#world;
    const middle = height / 2;
    for (let row = 0; row < height; row++) {
      const up = (middle - row - 0.5) / focal;
      this.#depth[row] = up < 0 ? -z / up : (plan.ceiling - z) / up;
      this.#surface[row] = up < 0 ? FLOOR : CEILING;
    }
    const { count, enter, leave, shape, face } = this.#rays;
    for (let i = 0; i < count; i++) {
      const index = shape[i] as number;
      const { bottom, top } = shapes[index] as { bottom: number; top: number };
      const near = Math.max((enter[i] as number) / stretch, NEAR_M);
      const far = (leave[i] as number) / stretch;
      const rowOf = (metres: number, depth: number) => middle - ((metres - z) * focal) / depth;
      const surface = Surfaces.side(index, face[i] as number);
      this.#fillSide(rowOf(top, near), rowOf(bottom, near), near, surface);
      if (top < z) this.#fillLevel(rowOf(top, far), rowOf(top, near), top - z, Surfaces.top(index));
      if (bottom > z) this.#fillLevel(rowOf(bottom, near), rowOf(bottom, far), bottom - z, Surfaces.underside(index));
    }
  }

  #fillSide(fromRow: number, toRow: number, depth: number, surface: number): void {
    const last = Math.min(Math.ceil(toRow - 0.5), this.optics.height);
    for (let row = Math.max(Math.ceil(fromRow - 0.5), 0); row < last; row++) {
      if (depth >= (this.#depth[row] as number)) continue;
      this.#depth[row] = depth;
      this.#surface[row] = surface;
    }
  }

  #fillLevel(fromRow: number, toRow: number, up: number, surface: number): void {
    const { height, focal } = this.optics;
    const last = Math.min(Math.ceil(toRow - 0.5), height);
    for (let row = Math.max(Math.ceil(fromRow - 0.5), 0); row < last; row++) {
      const depth = (up * focal) / (height / 2 - row - 0.5);
      if (depth >= (this.#depth[row] as number)) continue;
      this.#depth[row] = depth;
      this.#surface[row] = surface;
    }
  }
}
