import type { PlanarPose } from "../planar-pose.ts";
import type { MoverPlan } from "./mover.ts";
import { pointToShape, type Rectangle, rectangleToShape } from "./rectangle.ts";
import { boundingRadius, type Shape } from "./shape.ts";

/** What a world is made of. Metres, radians; the floor is z = 0 and covers x 0..width, y 0..depth. */
export interface WorldPlan {
  readonly name: string;
  readonly width: number;
  readonly depth: number;
  /** Height of the ceiling. */
  readonly ceiling: number;
  readonly floor: { readonly kind: FloorKind; readonly color: readonly [number, number, number] };
  readonly start: PlanarPose;
  readonly places: ReadonlyMap<string, PlanarPose>;
  readonly shapes: readonly Shape[];
  /** People and carts that walk about. */
  readonly movers?: readonly MoverPlan[];
}

export type FloorKind = "wood" | "carpet" | "tile";

/** Taller than the standing robot with its lidar: what hangs higher is passed under. Metres. */
export const ROBOT_HEIGHT_M = 0.5;

/** What moves: people and carts of the world, and robots other than the one that is simulated. */
export type MovingGroup = "traffic" | "robots";

/** A world and what was put into it since. Every query is exact, against the shapes themselves. */
export class World {
  readonly plan: WorldPlan;
  readonly #fixed: Shape[];
  readonly #moving: Record<MovingGroup, readonly Shape[]> = { traffic: [], robots: [] };
  /** What is fixed, then what moves. */
  #shapes: readonly Shape[];
  #version = 0;
  #moves = 0;

  constructor(plan: WorldPlan) {
    this.plan = plan;
    this.#fixed = [...plan.shapes];
    this.#shapes = [...plan.shapes];
  }

  /** Everything: `fixed`, and after it what moves. */
  get shapes(): readonly Shape[] {
    return this.#shapes;
  }

  /** What stays where it is, first that of the plan. */
  get fixed(): readonly Shape[] {
    return this.#fixed;
  }

  /** Counts the changes other than moves, so that an index of the shapes knows when it is out of date. */
  get version(): number {
    return this.#version;
  }

  /** Counts the moves. */
  get moves(): number {
    return this.#moves;
  }

  /** Says where everything of a group that moves is now. */
  showMoving(group: MovingGroup, shapes: readonly Shape[]): void {
    if (shapes.length !== this.#moving[group].length) this.#version++;
    this.#moving[group] = shapes;
    this.#moves++;
    this.#join();
  }

  /** Puts a shape into the world. The function returned takes it out again. */
  add(shape: Shape): () => void {
    this.#fixed.push(shape);
    this.#changed();
    return () => {
      const index = this.#fixed.indexOf(shape);
      if (index < 0) return;
      this.#fixed.splice(index, 1);
      this.#changed();
    };
  }

  /** The obstacle below robot height that is nearest to a rectangle on the floor, and the gap to it: metres, 0 in contact. */
  nearestTo(rectangle: Rectangle): { readonly gap: number; readonly shape: Shape | undefined } {
    const reach = Math.hypot(rectangle.length, rectangle.width) / 2;
    let gap = Number.POSITIVE_INFINITY;
    let nearest: Shape | undefined;
    for (const shape of this.#shapes) {
      if (shape.bottom >= ROBOT_HEIGHT_M) continue;
      const atLeast = Math.hypot(shape.x - rectangle.x, shape.y - rectangle.y) - reach - boundingRadius(shape);
      if (atLeast >= gap) continue;
      const between = rectangleToShape(rectangle, shape);
      if (between < gap) {
        gap = between;
        nearest = shape;
      }
    }
    return { gap, shape: nearest };
  }

  /** Metres from a point on the floor to the nearest obstacle below robot height; 0 inside one. */
  distanceFrom(x: number, y: number): number {
    let distance = Number.POSITIVE_INFINITY;
    for (const shape of this.#shapes) {
      if (shape.bottom >= ROBOT_HEIGHT_M) continue;
      if (Math.hypot(shape.x - x, shape.y - y) - boundingRadius(shape) < distance) {
        distance = Math.min(distance, pointToShape(x, y, shape));
      }
    }
    return distance;
  }

  #changed(): void {
    this.#version++;
    this.#join();
  }

  #join(): void {
    this.#shapes = [...this.#fixed, ...this.#moving.traffic, ...this.#moving.robots];
  }
}
