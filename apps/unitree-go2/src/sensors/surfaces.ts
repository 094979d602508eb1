import { FACE_ROUND } from "../world/column-rays.ts";
import type { World } from "../world/world.ts";
import { FloorLight } from "./floor-light.ts";
import type { Pinhole } from "./pinhole.ts";
import type { SensorPose } from "./sensor-pose.ts";
import { ceilingTone, floorTone, hash2 } from "./textures.ts";

/** Codes of surfaces: floor, ceiling, or eight times the index of a shape plus one of its faces. */
export const FLOOR = -1;
export const CEILING = -2;
const TOP = 3;
const UNDERSIDE = 4;

/** Where the light comes from, on the floor plan. */
const LIGHT_X = Math.cos(0.9);
const LIGHT_Y = Math.sin(0.9);
const CEILING_COLOR = [238, 236, 230] as const;
/** What far things fade into, and over how many metres. */
const HAZE = [206, 208, 210] as const;
const HAZE_M = 38;
/** Patterns of the floor fade out over this distance. Metres. */
const DETAIL_M = 8;
const SKIRTING_M = 0.08;
const EDGE_M = 0.012;
/** Faces darken towards the floor up to this height. Metres. */
const FOOT_SHADOW_M = 0.3;

/** One column of the picture: the point at depth `t` lies at `from + t * (dx, dy)`. */
export interface PictureRay {
  readonly from: SensorPose;
  readonly dx: number;
  readonly dy: number;
  readonly optics: Pinhole;
}

/** How the surfaces of a world look: colour by face, with shading, patterns, edges, soft shadows and haze. */
export class Surfaces {
  readonly #world: World;
  #version: number;
  #floorLight: FloorLight;
  /** Of the run of pixels at hand, which share a surface. */
  #red = 0;
  #green = 0;
  #blue = 0;
  #light = 0;

  constructor(world: World) {
    this.#world = world;
    this.#version = world.version;
    this.#floorLight = new FloorLight(world);
  }

  static side(shape: number, face: number): number {
    return shape * 8 + face;
  }

  static top(shape: number): number {
    return shape * 8 + TOP;
  }

  static underside(shape: number): number {
    return shape * 8 + UNDERSIDE;
  }

  /** Takes in what was put into the world or taken out of it. */
  refresh(): void {
    if (this.#version === this.#world.version) return;
    this.#version = this.#world.version;
    this.#floorLight = new FloorLight(this.#world);
  }

  /** Colours one column of an rgb8 picture, given depth and surface of each of its rows. */
  shadeColumn(data: Uint8Array, column: number, ray: PictureRay, depths: Float64Array, surfaces: Int32Array): void {
    const { width, height, focal } = ray.optics;
    const { floor } = this.#world.plan;
    let last = Number.NaN;
    for (let row = 0, at = column * 3; row < height; row++, at += width * 3) {
      const surface = surfaces[row] as number;
      const depth = depths[row] as number;
      if (surface !== last) {
        last = surface;
        this.#begin(surface, ray, depth);
      }
      const x = ray.from.x + ray.dx * depth;
      const y = ray.from.y + ray.dy * depth;
      let tone = this.#light;
      if (surface === FLOOR) {
        const detail = Math.max(1 - depth / DETAIL_M, 0);
        tone = this.#floorLight.at(x, y) * floorTone(floor.kind, x, y, detail);
      } else if (surface === CEILING) tone = ceilingTone(x, y);
      else if ((surface & 7) <= FACE_ROUND) {
        tone *= this.#sideTone(surface >> 3, ray.from.z + ((height / 2 - row - 0.5) / focal) * depth, depth / focal);
      } else tone *= 0.97 + 0.04 * hash2(Math.floor(x * 40), Math.floor(y * 160));
      const clear = 1 - Math.min(depth / HAZE_M, 0.6);
      data[at] = toByte(this.#red * tone * clear + HAZE[0] * (1 - clear));
      data[at + 1] = toByte(this.#green * tone * clear + HAZE[1] * (1 - clear));
      data[at + 2] = toByte(this.#blue * tone * clear + HAZE[2] * (1 - clear));
    }
  }

  /** Colour and light of a run of pixels on one surface, the first of them at `depth`. */
  #begin(surface: number, ray: PictureRay, depth: number): void {
    const { plan, shapes } = this.#world;
    const shape = surface >= 0 ? shapes[surface >> 3] : undefined;
    const [red, green, blue] = shape?.color ?? (surface === FLOOR ? plan.floor.color : CEILING_COLOR);
    this.#red = red;
    this.#green = green;
    this.#blue = blue;
    this.#light = 1;
    if (shape === undefined) return;
    const face = surface & 7;
    if (face === TOP) this.#light = 1.1;
    else if (face === UNDERSIDE) this.#light = 0.5;
    else {
      const [px, py] = [ray.from.x + ray.dx * depth - shape.x, ray.from.y + ray.dy * depth - shape.y];
      if (shape.kind === "cylinder") this.#light = facing(px / shape.radius, py / shape.radius);
      else {
        const [cos, sin] = [Math.cos(shape.yaw), Math.sin(shape.yaw)];
        const [lx, ly] = [px * cos + py * sin, py * cos - px * sin];
        const isAlong = face === 0;
        const side = Math.sign(isAlong ? lx : ly);
        this.#light = isAlong ? facing(cos * side, sin * side) : facing(-sin * side, cos * side);
        const toEdge = isAlong ? shape.width / 2 - Math.abs(ly) : shape.length / 2 - Math.abs(lx);
        const line = Math.max(EDGE_M, (0.7 * depth) / ray.optics.focal);
        if (toEdge < line && shape.label !== "wall") this.#light *= 0.82;
      }
    }
  }

  /** Light on a side at a height: darker towards the floor, a skirting on walls, a bright upper edge on the rest. */
  #sideTone(index: number, z: number, metresPerPixel: number): number {
    const { shapes, plan } = this.#world;
    const { bottom, top, label } = shapes[index] as (typeof shapes)[number];
    let tone = 0.93 + (0.1 * z) / plan.ceiling;
    if (bottom < FOOT_SHADOW_M && z < FOOT_SHADOW_M) tone *= 0.78 + (0.22 * z) / FOOT_SHADOW_M;
    if (label === "wall") return z < SKIRTING_M && bottom === 0 ? tone * 0.7 : tone;
    return top - z < Math.max(EDGE_M, 0.8 * metresPerPixel) ? tone * 1.14 : tone;
  }
}

/** Light on a side with this normal. */
function facing(nx: number, ny: number): number {
  return 0.8 + 0.17 * (nx * LIGHT_X + ny * LIGHT_Y);
}

function toByte(value: number): number {
  return value > 255 ? 255 : value;
}
