import type { BatteryState, CameraInfo, Image, Imu, PointCloud } from "@dimos/msgs";
import { quaternionFromYaw, timeFromSeconds } from "@dimos/msgs/math";
import type { PlanarPose } from "../planar-pose.ts";
import { Battery, type BatteryReading } from "../sensors/battery.ts";
import { Camera } from "../sensors/camera.ts";
import { InertialUnit } from "../sensors/inertial-unit.ts";
import { Lidar } from "../sensors/lidar.ts";
import { Odometer } from "../sensors/odometer.ts";
import { cameraInfo } from "../sensors/pinhole.ts";
import { CAMERA_MOUNT, LIDAR_MOUNT, mountedAt } from "../sensors/sensor-pose.ts";
import type { Go2Simulator } from "../simulator/go2-simulator.ts";
import { FRAMES } from "./robot-frames.ts";

/** Radians of heading that odometry loses with each metre it loses. */
const YAW_DRIFT_SHARE = 0.5;

export interface SimulatedSensorsOptions {
  readonly seed: number;
  /** Standard deviation of the odometry's error after a metre, metres; 0 is exact. */
  readonly odometryDrift: number;
}

/** The sensors on a simulated Go2, as messages. `frame` gives the full name of a frame. */
export class SimulatedSensors {
  readonly #simulator: Go2Simulator;
  readonly #lidar: Lidar;
  readonly #camera: Camera;
  readonly #imu: InertialUnit;
  readonly #odometer: Odometer;
  readonly #battery = new Battery();
  #charge: BatteryReading;

  constructor(simulator: Go2Simulator, { seed, odometryDrift }: SimulatedSensorsOptions) {
    this.#simulator = simulator;
    this.#lidar = new Lidar(simulator.world, { seed });
    this.#camera = new Camera(simulator.world);
    this.#odometer = new Odometer(simulator.pose, {
      seed: seed + 1,
      driftPerMetre: odometryDrift,
      yawDriftPerMetre: odometryDrift * YAW_DRIFT_SHARE,
    });
    this.#imu = new InertialUnit({ seed: seed + 2 });
    this.#charge = this.#battery.draw(simulator.velocity, simulator.posture, 0);
  }

  /** Where the robot believes it is. To be asked once per step. */
  estimatePose(): PlanarPose {
    return this.#odometer.update(this.#simulator.pose);
  }

  scan(seconds: number, frame: (id: string) => string): PointCloud {
    const { pose, baseHeight } = this.#simulator;
    return {
      header: { stamp: timeFromSeconds(seconds), frameId: frame(FRAMES.lidar) },
      xyz: this.#lidar.scan(mountedAt(pose, baseHeight, LIDAR_MOUNT)),
    };
  }

  takePicture(seconds: number, frame: (id: string) => string): Image {
    const { pose, baseHeight } = this.#simulator;
    const { width, height } = this.#camera.optics;
    return {
      header: { stamp: timeFromSeconds(seconds), frameId: frame(FRAMES.optical) },
      width,
      height,
      encoding: "rgb8",
      step: width * 3,
      data: this.#camera.render(mountedAt(pose, baseHeight, CAMERA_MOUNT)),
    };
  }

  optics(seconds: number, frame: (id: string) => string): CameraInfo {
    return {
      header: { stamp: timeFromSeconds(seconds), frameId: frame(FRAMES.optical) },
      ...cameraInfo(this.#camera.optics),
    };
  }

  /** @param dtSeconds since the last measurement, more than 0 */
  measureMotion(yaw: number, dtSeconds: number, seconds: number, frame: (id: string) => string): Imu {
    return {
      header: { stamp: timeFromSeconds(seconds), frameId: frame(FRAMES.base) },
      orientation: quaternionFromYaw(yaw),
      ...this.#imu.measure(this.#simulator.velocity, dtSeconds),
    };
  }

  /** Draws the current of the last `dtSeconds`. */
  drain(dtSeconds: number): void {
    this.#charge = this.#battery.draw(this.#simulator.velocity, this.#simulator.posture, dtSeconds);
  }

  readBattery(seconds: number, frame: (id: string) => string): BatteryState {
    return { header: { stamp: timeFromSeconds(seconds), frameId: frame(FRAMES.base) }, ...this.#charge };
  }
}
