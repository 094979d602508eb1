import { type OccupancyGrid, quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { COMFORT_M, INFLATION_M } from "../planning/planner-constants.ts";
import type { ColumnMap } from "./column-map.ts";
import { distanceTransform } from "./distance-transform.ts";
import type { GridBounds } from "./grid-bounds.ts";

export const UNKNOWN = -1;
export const FREE = 0;
/** Nearer to an obstacle than the inflation: the centre of the robot does not go there. */
export const INFLATED = 99;
export const OCCUPIED = 100;

export interface Costmap extends GridBounds {
  readonly resolution: number;
  /** Cost per cell, row by row: `UNKNOWN`, `FREE`, 1 to 98 rising towards obstacles, `INFLATED`, `OCCUPIED`. */
  readonly data: Int8Array<ArrayBuffer>;
  /** Metres from the centre of the cell to that of the nearest occupied one. */
  readonly distance: Float32Array;
}

/** What the robot can drive on, as far as it has been seen. */
export function costmapOf(map: ColumnMap): Costmap {
  const { width, height } = map.bounds;
  const obstacles = map.obstacles();
  const seen = map.seen();
  const distance = distanceTransform(obstacles, width, height, map.resolution);
  const data = new Int8Array(width * height);
  for (let cell = 0; cell < data.length; cell++) {
    data[cell] = costOf(obstacles[cell] !== 0, seen[cell] !== 0, distance[cell] as number);
  }
  return { ...map.bounds, resolution: map.resolution, data, distance };
}

function costOf(isObstacle: boolean, isSeen: boolean, distance: number): number {
  if (isObstacle) return OCCUPIED;
  if (!isSeen) return UNKNOWN;
  if (distance < INFLATION_M) return INFLATED;
  if (distance >= COMFORT_M) return FREE;
  const nearness = (COMFORT_M - distance) / (COMFORT_M - INFLATION_M);
  return Math.round(nearness * nearness * (INFLATED - 1));
}

/** The costmap as a message. */
export function occupancyGrid(costmap: Costmap, timeSeconds: number, frameId: string): OccupancyGrid {
  const stamp = timeFromSeconds(timeSeconds);
  return {
    header: { stamp, frameId },
    info: {
      mapLoadTime: stamp,
      resolution: costmap.resolution,
      width: costmap.width,
      height: costmap.height,
      origin: {
        position: { x: costmap.originX, y: costmap.originY, z: 0 },
        orientation: quaternionFromYaw(0),
      },
    },
    data: costmap.data,
  };
}
