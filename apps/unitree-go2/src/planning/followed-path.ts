import { planarDistance } from "../planar-pose.ts";
import type { Point2 } from "./path-shape.ts";
import { LOOK_AHEAD_M, MAP_NOISE_M, PATH_CLEARANCE_M } from "./planner-constants.ts";
import type { PlanningGrid } from "./planning-grid.ts";

/** How far ahead of the last place on the path the robot's place is looked for. Metres. */
const SEARCH_AHEAD_M = 1.5;

/** A path and how far along it the robot is. Progress never goes back, so a path may pass near itself. */
export class FollowedPath {
  readonly points: readonly Point2[];
  /** Metres along the path up to each point. */
  readonly #along: Float64Array;
  /** Clearance that each point must keep for the path to stay good. */
  readonly #required: Float64Array;
  #index = 0;

  /** @param grid the map on which the path was planned */
  constructor(points: readonly Point2[], grid: PlanningGrid) {
    this.points = points;
    this.#required = Float64Array.from(points, (point) =>
      Math.min(grid.clearanceAt(point.x, point.y) - MAP_NOISE_M, PATH_CLEARANCE_M),
    );
    this.#along = new Float64Array(points.length);
    for (let i = 1; i < points.length; i++) {
      this.#along[i] = (this.#along[i - 1] as number) + planarDistance(points[i - 1] as Point2, points[i] as Point2);
    }
  }

  get length(): number {
    return this.#along.at(-1) ?? 0;
  }

  get end(): Point2 {
    return this.points.at(-1) as Point2;
  }

  /** Notes where the robot is now and returns how far that is off the path, metres. */
  update(robot: Point2): number {
    let nearest = Number.POSITIVE_INFINITY;
    const from = this.#along[this.#index] as number;
    for (let i = this.#index; i < this.points.length && (this.#along[i] as number) <= from + SEARCH_AHEAD_M; i++) {
      const distance = planarDistance(robot, this.points[i] as Point2);
      if (distance < nearest) {
        nearest = distance;
        this.#index = i;
      }
    }
    return nearest;
  }

  /** Metres along the path from the robot to the end. */
  remaining(robot: Point2): number {
    const here = this.points[this.#index] as Point2;
    const left = this.length - (this.#along[this.#index] as number);
    return Math.max(left, planarDistance(robot, this.end) - planarDistance(robot, here));
  }

  /** The point `distance` metres ahead on the path, its end at the most. */
  ahead(distance: number): Point2 {
    const until = (this.#along[this.#index] as number) + distance;
    for (let i = this.#index; i < this.points.length; i++) {
      if ((this.#along[i] as number) >= until) return this.points[i] as Point2;
    }
    return this.end;
  }

  /** Whether the path keeps its clearance on a newer map, up to `LOOK_AHEAD_M` ahead. */
  isClear(grid: PlanningGrid): boolean {
    const from = this.#along[this.#index] as number;
    for (let i = this.#index; i < this.points.length; i++) {
      if ((this.#along[i] as number) - from > LOOK_AHEAD_M) return true;
      const point = this.points[i] as Point2;
      if (grid.clearanceAt(point.x, point.y) < (this.#required[i] as number)) return false;
    }
    return true;
  }
}
