import { OccupancyGrid } from "@dimos/msgs";
import { expect, test } from "vitest";
import { ColumnMap } from "./column-map.ts";
import { costmapOf, FREE, INFLATED, OCCUPIED, occupancyGrid, UNKNOWN } from "./costmap.ts";

/** A post at (1.02, 0.02), seen from the origin, and floor at some places. */
function mapWithPost(): ColumnMap {
  const map = new ColumnMap();
  for (let i = 0; i < 3; i++) {
    map.integrate(Float32Array.of(1.02, 0.02, 0.3, 0.52, 0.02, 0, 0.77, 0.02, 0, 0.02, 0.02, 0), {
      x: 0,
      y: 0,
      z: 0.42,
    });
  }
  return map;
}

test("costs more the nearer an obstacle is, and nothing farther away", () => {
  const costmap = costmapOf(mapWithPost());
  const at = (x: number, y: number) => {
    const cell = Math.floor((y - costmap.originY) / 0.05) * costmap.width + Math.floor((x - costmap.originX) / 0.05);
    return [costmap.data[cell], costmap.distance[cell]?.toFixed(2)];
  };
  expect(at(1.02, 0.02)).toEqual([OCCUPIED, "0.00"]);
  expect(at(0.77, 0.02)).toEqual([INFLATED, "0.25"]);
  expect(at(1.12, 0.02)).toEqual([UNKNOWN, "0.10"]);
  expect(at(0.52, 0.02)).toEqual([40, "0.50"]);
  expect(at(0.02, 0.02)).toEqual([FREE, "1.00"]);
  expect(at(0.02, 1.5)).toEqual([UNKNOWN, "1.80"]);
});

test("is a valid message", async () => {
  const message = occupancyGrid(costmapOf(mapWithPost()), 12.5, "odom");
  expect(await OccupancyGrid.schema["~standard"].validate(message)).toEqual({ value: message });
  expect(message.header).toEqual({ stamp: { sec: 12, nsec: 500_000_000 }, frameId: "odom" });
});
