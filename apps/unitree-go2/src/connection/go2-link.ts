import type { Clock, Logger } from "@dimos/core";
import type { BatteryState, CameraInfo, Image, Imu, Odometry, PointCloud, TFMessage } from "@dimos/msgs";
import type { PlanarPose } from "../planar-pose.ts";
import type { RobotBody } from "../simulator/robot-body.ts";
import type { Shape } from "../world/shape.ts";

/** What a Go2 reports, by stream. The frames are those of `robot-frames.ts`. */
export interface Go2Reports {
  /** `base_link` in `odom`, 50 Hz. Comes before the other reports of the same moment. */
  readonly odometry: Odometry;
  /** Points in `lidar_link`, 10 Hz. */
  readonly lidar: PointCloud;
  /** What the camera sees, rgb8 in `camera_optical`. */
  readonly image: Image;
  /** The optics of `image`. */
  readonly cameraInfo: CameraInfo;
  /** Measured in `base_link`, 50 Hz. */
  readonly imu: Imu;
  /** 1 Hz. */
  readonly battery: BatteryState;
  /** The tree from `odom` to the sensors, 50 Hz. */
  readonly tf: TFMessage;
  /** `base_link` in `world`, 50 Hz: only a simulation knows it. */
  readonly groundTruth: Odometry;
  /** What the others in a simulated world have to know of this robot, 25 Hz. */
  readonly body: RobotBody;
}

export interface Go2LinkServices {
  readonly clock: Pick<Clock, "now" | "interval">;
  readonly log: Pick<Logger, "warn">;
  /** Aborted when the connection ends. */
  readonly signal: AbortSignal;
  /** The full name of a frame, with the namespace of the robot. */
  frame(id: string): string;
  report<K extends keyof Go2Reports>(stream: K, message: Go2Reports[K]): void;
}

/** One Go2, wherever it is: simulated, replayed or real. Everything above this interface is the same for all of them. */
export interface Go2Link {
  /** What the robot is and where, in one line for people. */
  readonly description: string;
  /** What tests may see and change of a simulated robot; undefined for every other one. */
  readonly simulation: Go2Simulation | undefined;
  /** Begins with what takes time, for a `start` soon after. What fails is told there. */
  prepare?(services: Pick<Go2LinkServices, "signal" | "frame">): void;
  start(services: Go2LinkServices): Promise<void>;
  /**
   * Commands a velocity in the body frame: m/s forward and left, rad/s counter-clockwise. Stale after 0.5 s: the robot
   * stops by itself. Returns whether the robot can follow. Throws for what is not finite, and the robot stops.
   */
  move(vx: number, vy: number, vyaw: number): boolean | Promise<boolean>;
  /** While it is halted, the robot stands and follows no velocity, whoever commands it. */
  halt(isHalted: boolean): void | Promise<void>;
  standUp(): void | Promise<void>;
  lieDown(): void | Promise<void>;
  /** What the camera sees now, rgb8, whether or not a stream of pictures is on. */
  takePicture(): Promise<Image>;
  /** Charge and voltage now. */
  readBattery(): Promise<BatteryState>;
}

export interface Go2Simulation {
  truth(): TrueState | Promise<TrueState>;
  /** Puts an obstacle into the world, but not onto the robot. Its id takes it out again. */
  addObstacle(shape: Shape): number | Promise<number>;
  /** Another robot of the same world tells where it is. To be heard again and again: after 2 s it is gone. */
  hearOf(neighbour: RobotBody): void;
  /** Whether it was there. */
  removeObstacle(id: number): boolean | Promise<boolean>;
}

/** What really happened to a simulated robot: metres and radians in the frame of the world. */
export interface TrueState {
  readonly pose: PlanarPose;
  readonly start: PlanarPose;
  readonly travelled: number;
  readonly collisions: number;
  readonly gap: number;
  readonly clearance: number;
  readonly smallestGap: number;
  readonly smallestClearance: number;
}
