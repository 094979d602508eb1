import { Module, rpc } from "@dimos/core";
import {
  type Header,
  Odometry,
  PointCloud,
  quaternionFromYaw,
  TFMessage,
  type TransformStamped,
  Twist,
  timeFromSeconds,
} from "@dimos/msgs";
import { z } from "zod";
import { ROVER_RADIUS_M, SimulatedRover } from "./simulated-rover.ts";
import { Yard } from "./yard.ts";

const STEP_MS = 20;
const LIDAR_PERIOD_MS = 100;
const LIDAR_RAYS = 360;
/** Height of the base and of the lidar over the ground, metres. */
const BASE_HEIGHT_M = 0.12;
const LIDAR_HEIGHT_M = 0.3;

/**
 * The rover: takes velocities, reports odometry, lidar and transforms. Frames: `odom` (x and y as the yard's), in it
 * `base_link`, on that `lidar_link`. A velocity is in force for 0.5 s.
 */
export class RoverConnection extends Module({
  source: import.meta.url,
  config: z.object({
    yardWidth: z.number().min(4).max(50).default(12).describe("of the simulated yard, metres"),
    yardDepth: z.number().min(4).max(50).default(8).describe("of the simulated yard, metres"),
  }),
  inputs: { cmdVel: { type: Twist, qos: { ...Twist.qos, maxAgeMs: 500 } } },
  outputs: { odom: Odometry, lidar: PointCloud, tf: TFMessage },
  actuator: true,
}) {
  readonly #rover = new SimulatedRover(
    new Yard(this.config.yardWidth, this.config.yardDepth, [
      { x: this.config.yardWidth / 2, y: this.config.yardDepth / 2, radius: 0.4 },
    ]),
    { x: 1.2, y: 1.2, yaw: 0 },
  );

  override async start() {
    this.cmdVel.subscribe(({ linear, angular }) =>
      this.#rover.command({ vx: linear.x, vy: linear.y, vyaw: angular.z }),
    );
    // The velocity before would be in force for half a second.
    const halt = () => this.#rover.command({ vx: 0, vy: 0, vyaw: 0 });
    this.cmdVel.onRefused(halt);
    this.onEstop(({ latched }) => latched && halt());
    this.onHold(({ phase }) => phase === "began" && halt());
    this.clock.interval(STEP_MS, () => {
      this.#rover.step(STEP_MS / 1000);
      this.#reportPose();
    });
    this.clock.interval(LIDAR_PERIOD_MS, () => {
      void this.lidar.publish({ header: this.#header("lidar_link"), xyz: this.#rover.scan(LIDAR_RAYS) });
    });
  }

  override async stop() {
    this.#rover.command({ vx: 0, vy: 0, vyaw: 0 });
  }

  /** The rectangle that the rover collides within, metres. Planners of others ask for it. */
  bodySize = rpc(async () => ({ length: 2 * ROVER_RADIUS_M, width: 2 * ROVER_RADIUS_M }));

  /** What really happened in the simulation: metres and radians in the yard's frame. */
  truth = rpc(async () => {
    const { pose, bumps, smallestGap } = this.#rover;
    return { pose, bumps, smallestGap };
  });

  #reportPose(): void {
    const { x, y, yaw } = this.#rover.pose;
    const { vx, vy, vyaw } = this.#rover.velocity;
    const base = { position: { x, y, z: BASE_HEIGHT_M }, orientation: quaternionFromYaw(yaw) };
    void this.odom.publish({
      header: this.#header("odom"),
      childFrameId: this.frame("base_link"),
      pose: { pose: base },
      twist: { twist: { linear: { x: vx, y: vy, z: 0 }, angular: { x: 0, y: 0, z: vyaw } } },
    });
    const onBase = { x: 0, y: 0, z: LIDAR_HEIGHT_M - BASE_HEIGHT_M };
    void this.tf.publish({
      transforms: [
        this.#link("odom", "base_link", { translation: base.position, rotation: base.orientation }),
        this.#link("base_link", "lidar_link", { translation: onBase, rotation: quaternionFromYaw(0) }),
      ],
    });
  }

  #link(parent: string, child: string, transform: TransformStamped["transform"]): TransformStamped {
    return { header: this.#header(parent), childFrameId: this.frame(child), transform };
  }

  #header(frame: string): Header {
    return { stamp: timeFromSeconds(this.clock.now() / 1000), frameId: this.frame(frame) };
  }
}
