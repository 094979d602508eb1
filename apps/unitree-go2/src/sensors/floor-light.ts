import { distanceTransform } from "../mapping/distance-transform.ts";
import { pointToShape } from "../world/rectangle.ts";
import { boundingRadius } from "../world/shape.ts";
import type { World } from "../world/world.ts";

const CELL_M = 0.04;
/** Things standing on the floor darken it around them: how far, and by how much at most. */
const SHADOW_M = 0.45;
const SHADOW_DEPTH = 0.45;
/** Lower than this a shape is near enough to the floor to darken it. Metres. */
const SHADOW_FROM_BELOW_M = 0.9;
/** Ceiling lamps hang in a square grid. Metres. */
export const LAMP_SPACING_M = 2.4;

/** How bright the floor is: soft shadows around what stands on it, and pools of light below the lamps. */
export class FloorLight {
  readonly #width: number;
  readonly #height: number;
  readonly #light: Float32Array;

  constructor(world: World) {
    const { plan } = world;
    this.#width = Math.ceil(plan.width / CELL_M) + 2;
    this.#height = Math.ceil(plan.depth / CELL_M) + 2;
    const distance = distanceTransform(this.#covered(world), this.#width, this.#height, CELL_M);
    this.#light = new Float32Array(distance.length);
    for (let i = 0; i < distance.length; i++) {
      const near = Math.max(1 - (distance[i] as number) / SHADOW_M, 0);
      this.#light[i] =
        (1 - SHADOW_DEPTH * near * near) * lampPool((i % this.#width) * CELL_M, Math.floor(i / this.#width) * CELL_M);
    }
  }

  /** Brightness at a point, about 0.5 to 1.1; interpolated between cells. */
  at(x: number, y: number): number {
    const gx = x / CELL_M;
    const gy = y / CELL_M;
    if (!(gx >= 0 && gy >= 0 && gx < this.#width - 1 && gy < this.#height - 1)) return 1;
    const cx = gx | 0;
    const cy = gy | 0;
    const fx = gx - cx;
    const fy = gy - cy;
    const i = cy * this.#width + cx;
    const light = this.#light;
    const below = (light[i] as number) + ((light[i + 1] as number) - (light[i] as number)) * fx;
    const j = i + this.#width;
    const above = (light[j] as number) + ((light[j + 1] as number) - (light[j] as number)) * fx;
    return below + (above - below) * fy;
  }

  #covered(world: World): Uint8Array {
    const covered = new Uint8Array(this.#width * this.#height);
    for (const shape of world.fixed) {
      if (shape.bottom > SHADOW_FROM_BELOW_M) continue;
      const reach = boundingRadius(shape);
      const first = (centre: number) => Math.max(Math.floor((centre - reach) / CELL_M), 0);
      const last = (centre: number, size: number) => Math.min(Math.ceil((centre + reach) / CELL_M), size - 1);
      for (let cy = first(shape.y); cy <= last(shape.y, this.#height); cy++) {
        for (let cx = first(shape.x); cx <= last(shape.x, this.#width); cx++) {
          if (pointToShape(cx * CELL_M, cy * CELL_M, shape) < CELL_M / 2) covered[cy * this.#width + cx] = 1;
        }
      }
    }
    return covered;
  }
}

function lampPool(x: number, y: number): number {
  const wave = (value: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * value) / LAMP_SPACING_M);
  return 0.92 + 0.16 * wave(x) * wave(y);
}
