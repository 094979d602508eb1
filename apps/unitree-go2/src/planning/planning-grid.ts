import { Go2Error } from "../errors.ts";
import { distanceTransform } from "../mapping/distance-transform.ts";
import type { PlanarPose } from "../planar-pose.ts";
import { BODY_LENGTH_M, ROBOT_WIDTH_M } from "../simulator/body.ts";
import { MAX_BEYOND_MAP_M } from "./planner-constants.ts";

/** The part of an `OccupancyGrid` message that planning reads; the rows lie along the x axis. */
export interface CostmapMessage {
  readonly info: {
    readonly resolution: number;
    readonly width: number;
    readonly height: number;
    readonly origin: { readonly position: { readonly x: number; readonly y: number } };
  };
  readonly data: ArrayLike<number>;
}

const OCCUPIED = 100;
/** 200 m by 200 m in cells of 2 cm, and what goals and robots beside it add. */
const MAX_CELLS = 125e6;

/** Metres from the map's edge to a point outside it, 0 inside. */
export function metresOutside({ info }: CostmapMessage, point: { readonly x: number; readonly y: number }): number {
  const { x, y } = info.origin.position;
  const dx = Math.max(x - point.x, point.x - (x + info.width * info.resolution), 0);
  const dy = Math.max(y - point.y, point.y - (y + info.height * info.resolution), 0);
  return Math.hypot(dx, dy);
}

/** Why a map cannot be planned on, as a clause. */
export function mapFault({ info: { resolution, width, height, origin }, data }: CostmapMessage): string | undefined {
  const { x, y } = origin.position;
  const areFinite = [resolution, x, y].every(Number.isFinite);
  const padding = (2 * MAX_BEYOND_MAP_M) / resolution;
  const isBounded = (width + padding) * (height + padding) <= MAX_CELLS;
  if (areFinite && resolution > 0 && width > 0 && height > 0 && isBounded && data.length === width * height)
    return undefined;
  return `a map of ${width} x ${height} cells of ${resolution} m with ${data.length} values cannot be planned on; publish one of 1 to ${MAX_CELLS / 1e6} million cells`;
}

/** Throws `Go2Error` for a map that cannot be planned on. */
export function assertCostmap(costmap: CostmapMessage): void {
  const fault = mapFault(costmap);
  if (fault !== undefined) throw new Go2Error("BAD_MAP", `${fault.charAt(0).toUpperCase()}${fault.slice(1)}.`);
}

/**
 * A map made ready for planning: padded with unknown cells so that it holds the points asked for, the robot's own
 * footprint cleared, and with the distance of every cell to the nearest obstacle. Throws `Go2Error` for a map that is none,
 * and for points so far off it that the padding would know no bound.
 */
export class PlanningGrid {
  readonly resolution: number;
  readonly width: number;
  readonly height: number;
  readonly originX: number;
  readonly originY: number;
  /** Cost from the map per cell, 0 to 100; -1 unknown. */
  readonly values: Int8Array;
  /** The robot is larger than a Go2 by this much on every side. Metres. */
  readonly margin: number;
  /** Metres from the cell to the surface of the nearest obstacle, half a cell on the safe side, less the margin. */
  readonly clearance: Float32Array;
  readonly obstacles: Uint8Array;

  constructor(costmap: CostmapMessage, robot: PlanarPose, points: ReadonlyArray<{ x: number; y: number }>, margin = 0) {
    assertCostmap(costmap);
    for (const point of points) {
      const beyond = metresOutside(costmap, point);
      if (!(beyond <= MAX_BEYOND_MAP_M))
        throw new Go2Error(
          "BAD_MAP",
          `(${point.x}, ${point.y}) is ${beyond.toFixed(2)} m outside the map, too far to plan. Check that map and odometry are in the same frame.`,
        );
    }
    const { resolution, width, height, origin } = costmap.info;
    const cellsX = points.map((p) => Math.floor((p.x - origin.position.x) / resolution));
    const cellsY = points.map((p) => Math.floor((p.y - origin.position.y) / resolution));
    const left = Math.max(0, 1 - Math.min(...cellsX));
    const below = Math.max(0, 1 - Math.min(...cellsY));
    this.resolution = resolution;
    this.margin = margin;
    this.width = left + Math.max(width, Math.max(...cellsX) + 2);
    this.height = below + Math.max(height, Math.max(...cellsY) + 2);
    this.originX = origin.position.x - left * resolution;
    this.originY = origin.position.y - below * resolution;
    this.values = new Int8Array(this.width * this.height).fill(-1);
    this.obstacles = new Uint8Array(this.width * this.height);
    for (let y = 0; y < height; y++) {
      const to = (y + below) * this.width + left;
      for (let x = 0; x < width; x++) {
        const value = costmap.data[y * width + x] as number;
        this.values[to + x] = value;
        if (value >= OCCUPIED) this.obstacles[to + x] = 1;
      }
    }
    this.#clearFootprint(robot);
    this.clearance = distanceTransform(this.obstacles, this.width, this.height, resolution);
    for (let i = 0; i < this.clearance.length; i++) {
      this.clearance[i] = Math.max((this.clearance[i] as number) - resolution / 2 - margin, 0);
    }
  }

  /** Index of the cell at a point, -1 outside. */
  cellAt(x: number, y: number): number {
    const cx = Math.floor((x - this.originX) / this.resolution);
    const cy = Math.floor((y - this.originY) / this.resolution);
    return cx >= 0 && cy >= 0 && cx < this.width && cy < this.height ? cy * this.width + cx : -1;
  }

  /** Centre of a cell, metres. */
  centreOf(cell: number): { x: number; y: number } {
    return {
      x: this.originX + ((cell % this.width) + 0.5) * this.resolution,
      y: this.originY + (Math.floor(cell / this.width) + 0.5) * this.resolution,
    };
  }

  /** Clearance at a point; outside the map nothing is known to be in the way. */
  clearanceAt(x: number, y: number): number {
    const cell = this.cellAt(x, y);
    return cell < 0 ? Number.POSITIVE_INFINITY : (this.clearance[cell] as number);
  }

  isKnown(cell: number): boolean {
    return (this.values[cell] as number) >= 0;
  }

  /** The robot stands there, so no obstacle does: what the map shows inside its rectangle is the robot itself, or noise. */
  #clearFootprint(robot: PlanarPose): void {
    const [cos, sin] = [Math.cos(robot.yaw), Math.sin(robot.yaw)];
    const step = this.resolution / 2;
    for (let along = -BODY_LENGTH_M / 2; along <= BODY_LENGTH_M / 2; along += step) {
      for (let across = -ROBOT_WIDTH_M / 2; across <= ROBOT_WIDTH_M / 2; across += step) {
        const cell = this.cellAt(robot.x + cos * along - sin * across, robot.y + sin * along + cos * across);
        if (cell < 0) continue;
        this.obstacles[cell] = 0;
        if ((this.values[cell] as number) >= OCCUPIED) this.values[cell] = 0;
      }
    }
  }
}
