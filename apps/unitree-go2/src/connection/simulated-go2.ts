import type { BatteryState, Image } from "@dimos/msgs";
import { Go2Error } from "../errors.ts";
import type { PlanarPose } from "../planar-pose.ts";
import { ReportPeriod } from "../report-period.ts";
import { Go2Simulator } from "../simulator/go2-simulator.ts";
import { NeighbourWatch } from "../simulator/neighbour-watch.ts";
import type { RobotBody } from "../simulator/robot-body.ts";
import type { Shape } from "../world/shape.ts";
import type { World } from "../world/world.ts";
import type { Go2Link, Go2LinkServices, Go2Simulation, TrueState } from "./go2-link.ts";
import { odometryMessage } from "./odometry-message.ts";
import { FRAMES, robotTransforms } from "./robot-frames.ts";
import { SimulatedSensors, type SimulatedSensorsOptions } from "./simulated-sensors.ts";

/** The real robot reports its odometry at 50 Hz. Milliseconds. */
const ODOMETRY_PERIOD_MS = 20;
const LIDAR_HZ = 10;
const BATTERY_HZ = 1;
const BODY_HZ = 25;

export interface SimulatedGo2Options extends SimulatedSensorsOptions {
  readonly world: World;
  /** Instance name of the connection, by which other robots of the world know this one. */
  readonly instance: string;
  /** Default: where the world says. */
  readonly start?: PlanarPose | undefined;
  /** Pictures per second on the stream; 0 for none. */
  readonly cameraHz: number;
}

/** The Go2 of the simulator, driven in the time of a clock. */
export class SimulatedGo2 implements Go2Link {
  readonly description: string;
  readonly simulation: Go2Simulation;
  readonly #simulator: Go2Simulator;
  readonly #instance: string;
  readonly #neighbours: NeighbourWatch;
  readonly #sensors: SimulatedSensors;
  readonly #lidarPeriod = new ReportPeriod(LIDAR_HZ);
  readonly #batteryPeriod = new ReportPeriod(BATTERY_HZ);
  readonly #bodyPeriod = new ReportPeriod(BODY_HZ);
  readonly #cameraPeriod: ReportPeriod;
  readonly #obstacles = new Map<number, () => void>();
  #obstacleCount = 0;
  #isHalted = false;
  #services: Go2LinkServices | undefined;
  #lastMs = 0;

  constructor({ world, cameraHz, instance, start, ...sensors }: SimulatedGo2Options) {
    const simulator = new Go2Simulator({ world, start });
    this.#simulator = simulator;
    this.#instance = instance;
    this.#neighbours = new NeighbourWatch(instance, simulator, (text) => this.#services?.log.warn(text));
    this.#sensors = new SimulatedSensors(simulator, sensors);
    this.#cameraPeriod = new ReportPeriod(cameraHz);
    this.simulation = {
      truth: () => this.#truth(),
      addObstacle: (shape) => this.#addObstacle(shape),
      removeObstacle: (id) => this.#removeObstacle(id),
      hearOf: (neighbour) => this.#neighbours.hear(neighbour),
    };
    this.description = `simulated Go2 in the world "${world.plan.name}"`;
  }

  async start(services: Go2LinkServices): Promise<void> {
    const { clock, log, signal, report, frame } = services;
    this.#services = services;
    this.#lastMs = clock.now();
    this.#simulator.onBump(({ obstacle, pose }) =>
      log.warn(
        `The simulated robot ran into an obstacle (${obstacle}) at x ${pose.x.toFixed(2)}, y ${pose.y.toFixed(2)}`,
      ),
    );
    report("cameraInfo", this.#sensors.optics(this.#lastMs / 1000, frame));
    this.#report(this.#lastMs, 0);
    clock.interval(ODOMETRY_PERIOD_MS, () => this.#tick(), { signal });
  }

  move(vx: number, vy: number, vyaw: number): boolean {
    if (!this.#isHalted) return this.#simulator.move(vx, vy, vyaw);
    this.brake();
    return false;
  }

  halt(isHalted: boolean): void {
    this.#isHalted = isHalted;
    this.brake();
  }

  /** Stops as fast as it can, until the next command. */
  brake(): void {
    this.#simulator.brake();
  }

  standUp(): void {
    this.#simulator.standUp();
  }

  lieDown(): void {
    this.#simulator.lieDown();
  }

  async takePicture(): Promise<Image> {
    const { clock, frame } = this.#started();
    return this.#sensors.takePicture(clock.now() / 1000, frame);
  }

  async readBattery(): Promise<BatteryState> {
    const { clock, frame } = this.#started();
    return this.#sensors.readBattery(clock.now() / 1000, frame);
  }

  /** A blocked process makes up for lost time: the simulator's own dead man has stopped the robot by then. */
  #tick(): void {
    const nowMs = this.#started().clock.now();
    const dtSeconds = Math.max(nowMs - this.#lastMs, 0) / 1000;
    this.#lastMs = nowMs;
    this.#neighbours.tick();
    this.#simulator.step(dtSeconds);
    this.#sensors.drain(dtSeconds);
    this.#report(nowMs, dtSeconds);
  }

  #report(nowMs: number, dtSeconds: number): void {
    const { report, frame } = this.#started();
    const { velocity, baseHeight: height, pose: truth } = this.#simulator;
    const seconds = nowMs / 1000;
    const pose = this.#sensors.estimatePose();
    report("odometry", odometryMessage({ pose, velocity, height }, seconds, frame(FRAMES.odom), frame(FRAMES.base)));
    report("tf", robotTransforms({ ...pose, z: height }, seconds, frame));
    report(
      "groundTruth",
      odometryMessage({ pose: truth, velocity, height }, seconds, FRAMES.world, frame(FRAMES.base)),
    );
    if (this.#bodyPeriod.isDue(nowMs)) report("body", this.#body(seconds));
    if (dtSeconds > 0) report("imu", this.#sensors.measureMotion(pose.yaw, dtSeconds, seconds, frame));
    if (this.#lidarPeriod.isDue(nowMs)) report("lidar", this.#sensors.scan(seconds, frame));
    if (this.#cameraPeriod.isDue(nowMs)) report("image", this.#sensors.takePicture(seconds, frame));
    if (this.#batteryPeriod.isDue(nowMs)) report("battery", this.#sensors.readBattery(seconds, frame));
  }

  #body(stamp: number): RobotBody {
    const { world, pose, baseHeight: height, touches, traffic } = this.#simulator;
    return { instance: this.#instance, world: world.plan.name, stamp, pose, height, touches, traffic: traffic.state };
  }

  #truth(): TrueState {
    const { pose, start, travelled, collisions, gap, clearance, smallestGap, smallestClearance } =
      this.#simulator.truth;
    return { pose, start, travelled, collisions, gap, clearance, smallestGap, smallestClearance };
  }

  #addObstacle(shape: Shape): number {
    const remove = this.#simulator.addObstacle(shape);
    this.#obstacles.set(++this.#obstacleCount, remove);
    return this.#obstacleCount;
  }

  #removeObstacle(id: number): boolean {
    this.#obstacles.get(id)?.();
    return this.#obstacles.delete(id);
  }

  #started(): Go2LinkServices {
    if (this.#services === undefined)
      throw new Go2Error("NOT_CONNECTED", "The simulated Go2 has not been started yet.");
    return this.#services;
  }
}
