import { Module } from "@dimos/core";
import {
  OccupancyGrid,
  PointCloud,
  quaternionFromYaw,
  TFMessage,
  TransformBuffer,
  TransformError,
  timeFromSeconds,
} from "@dimos/msgs";
import { ColumnMap, costmapOf, LargestMapNotice, occupancyGrid, PlacedScans } from "@dimos/unitree-go2";
import { z } from "zod";
import { withoutRobots } from "./without-robots.ts";

/** Of the shared map: the frame on which the odometry of each robot starts. */
const FRAME = "world";

/** A robot that has not said where it is for this long may have been carried away: what is seen there is mapped. Milliseconds. */
const BASE_MAX_AGE_MS = 2000;

const Origin = z.object({ x: z.number(), y: z.number(), yaw: z.number() });

/** One map of what two robots see. Each scan is put where `tf` says; the robots themselves are left out of it. */
export class FleetMapper extends Module({
  source: import.meta.url,
  config: z.object({
    robots: z.array(z.string()).length(2).default(["robot0", "robot1"]).describe("namespaces of the robots"),
    origins: z
      .array(Origin)
      .length(2)
      .default([
        { x: 0, y: 0, yaw: 0 },
        { x: 0, y: 0, yaw: 0 },
      ])
      .describe("where the odom frame of each robot lies in the frame world; that of a simulated one lies on it"),
    resolution: z.number().min(0.02).max(0.5).default(0.05).describe("metres per cell"),
    maxSize: z.number().min(5).max(200).default(60).describe("the map grows up to this width and depth, metres"),
    mapHz: z.number().min(0.1).max(5).default(1).describe("maps per second"),
  }),
  inputs: { firstLidar: PointCloud, secondLidar: PointCloud, tf: TFMessage },
  outputs: {
    fleetMap: OccupancyGrid,
    fleetPoints: { type: PointCloud, qos: { ...PointCloud.qos, latched: true } },
  },
}) {
  /** It does not follow: the robots may be farther apart than it is wide, and none of them drives by it. */
  readonly #map = new ColumnMap({ ...this.config, follows: false });
  readonly #notice = new LargestMapNotice(this.#map, this.instanceName, (text) => this.log.warn(text));
  readonly #frames = new TransformBuffer();
  /** When the odometry of each robot was last heard of. */
  readonly #locatedMs = new Map<string, number>();
  #publishedMs = Number.NEGATIVE_INFINITY;

  override async start() {
    const lidars = [this.firstLidar, this.secondLidar].map((lidar, i) => {
      const scans = this.#scansOf(this.config.robots[i] as string);
      lidar.subscribe((scan) => scans.addScan(scan, lidar.topic));
      return scans;
    });
    const origins = this.#origins();
    this.#frames.add(origins, { isStatic: true });
    for (const scans of lidars) scans.addTransforms(origins, { isStatic: true });
    this.tf.subscribe((transforms) => {
      this.#frames.add(transforms);
      for (const robot of this.config.robots) {
        if (transforms.transforms.some(({ header }) => header.frameId === `${robot}/odom`))
          this.#locatedMs.set(robot, this.clock.now());
      }
      for (const scans of lidars) scans.addTransforms(transforms);
    });
  }

  #scansOf(robot: string): PlacedScans {
    return new PlacedScans(
      FRAME,
      ({ points, sensor, seconds }) => {
        const others = this.config.robots.flatMap((name) => (name === robot ? [] : this.#baseOf(name)));
        this.#notice.take(this.#map.integrate(withoutRobots(points, others), sensor), this.clock.now());
        this.#publish(seconds);
      },
      (text) => this.log.warn(text),
    );
  }

  #origins(): TFMessage {
    const transforms = this.config.robots.map((robot, i) => {
      const { x, y, yaw } = this.config.origins[i] as z.infer<typeof Origin>;
      const transform = { translation: { x, y, z: 0 }, rotation: quaternionFromYaw(yaw) };
      return { header: { stamp: timeFromSeconds(0), frameId: FRAME }, childFrameId: `${robot}/odom`, transform };
    });
    return { transforms };
  }

  /**
   * Where a robot is now, so that the other one does not take it for a part of the world. Empty until its frames are known,
   * and when its odometry has fallen silent.
   */
  #baseOf(robot: string): readonly { readonly x: number; readonly y: number }[] {
    if (this.clock.now() - (this.#locatedMs.get(robot) ?? Number.NEGATIVE_INFINITY) > BASE_MAX_AGE_MS) return [];
    try {
      return [this.#frames.lookup(FRAME, `${robot}/base_link`).translation];
    } catch (error) {
      if (error instanceof TransformError) return [];
      throw error;
    }
  }

  #publish(seconds: number): void {
    const nowMs = this.clock.now();
    if (nowMs - this.#publishedMs < 1000 / this.config.mapHz) return;
    this.#publishedMs = nowMs;
    void this.fleetMap.publish(occupancyGrid(costmapOf(this.#map), seconds, FRAME));
    if (this.fleetPoints.subscriberCount === 0) return;
    const header = { stamp: timeFromSeconds(seconds), frameId: FRAME };
    void this.fleetPoints.publish({ header, xyz: this.#map.points() });
  }
}
