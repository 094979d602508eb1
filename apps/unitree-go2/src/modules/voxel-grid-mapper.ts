import { Module } from "@dimos/core";
import { OccupancyGrid, PointCloud, TFMessage, timeFromSeconds } from "@dimos/msgs";
import { z } from "zod";
import { ColumnMap } from "../mapping/column-map.ts";
import { costmapOf, occupancyGrid } from "../mapping/costmap.ts";
import { LargestMapNotice } from "../mapping/largest-map-notice.ts";
import { PlacedScans } from "../mapping/placed-scans.ts";
import { ReportPeriod } from "../report-period.ts";
import { MapDoubt } from "./navigation-messages.ts";

/**
 * Puts lidar scans where the tree of frames says they were taken, and publishes what that makes: the costmap to drive on, and the
 * points of what stands there. Both come from one module, because a point cloud cannot tell free floor from unseen floor.
 */
export class VoxelGridMapper extends Module({
  source: import.meta.url,
  config: z.object({
    resolution: z.number().min(0.02).max(0.5).default(0.05).describe("metres per cell of the map"),
    maxSize: z
      .number()
      .min(5)
      .max(200)
      .default(60)
      .describe("the map grows up to this width and depth, then it follows the robot; metres"),
    costmapHz: z.number().min(0.1).max(10).default(2.5).describe("costmaps per second on globalCostmap"),
    mapFrame: z
      .string()
      .default("odom")
      .describe('frame of the map; a namespace is put before it, and planners take maps in "odom"'),
    pointsHz: z.number().min(0).max(10).default(1).describe("clouds per second on globalMap, 0 for none"),
  }),
  inputs: { lidar: PointCloud, tf: TFMessage, mapDoubt: MapDoubt },
  outputs: {
    globalMap: { type: PointCloud, qos: { ...PointCloud.qos, latched: true } },
    globalCostmap: OccupancyGrid,
  },
}) {
  readonly #frame = this.frame(this.config.mapFrame);
  readonly #map = new ColumnMap(this.config);
  readonly #notice = new LargestMapNotice(this.#map, this.instanceName, (text) => this.log.warn(text));
  readonly #costmapPeriod = new ReportPeriod(this.config.costmapHz);
  readonly #pointsPeriod = new ReportPeriod(this.config.pointsHz);
  readonly #scans = new PlacedScans(
    this.#frame,
    ({ points, sensor, seconds }) => {
      this.#notice.take(this.#map.integrate(points, sensor), this.clock.now());
      this.#publish(seconds);
    },
    (text) => this.log.warn(text),
  );

  override async start() {
    this.tf.subscribe((transforms) => this.#scans.addTransforms(transforms));
    this.mapDoubt.subscribe(({ x, y, radius }) => this.#map.doubt(x, y, radius));
    this.lidar.subscribe((scan) => this.#scans.addScan(scan, this.lidar.topic));
  }

  #publish(seconds: number): void {
    const nowMs = this.clock.now();
    if (this.#costmapPeriod.isDue(nowMs)) {
      void this.globalCostmap.publish(occupancyGrid(costmapOf(this.#map), seconds, this.#frame));
    }
    // Gathering the points of a large map is work that only somebody who takes them is worth.
    if (this.globalMap.subscriberCount > 0 && this.#pointsPeriod.isDue(nowMs)) {
      const header = { stamp: timeFromSeconds(seconds), frameId: this.#frame };
      void this.globalMap.publish({ header, xyz: this.#map.points() });
    }
  }
}
