import { Module, rpc, skill } from "@dimos/core";
import { BatteryState, CameraInfo, Image, Imu, Odometry, PointCloud, TFMessage, Twist } from "@dimos/msgs";
import { connectGo2, Go2Config } from "../connection/connect-go2.ts";
import type { Go2Link, Go2Reports, Go2Simulation, TrueState } from "../connection/go2-link.ts";
import { RemoteGo2 } from "../connection/remote-go2.ts";
import { obstacleShape, type TestObstacle } from "../connection/test-obstacle.ts";
import { Go2Error } from "../errors.ts";
import { encodePng } from "../picture/png.ts";
import type { PlanarPose } from "../planar-pose.ts";
import { loadWorld } from "../world/load-world.ts";
import { RobotBodyMessage } from "./robot-body-message.ts";

/** Commands older than this are not obeyed. Milliseconds. */
const COMMAND_MAX_AGE_MS = 500;

/** The robot: takes velocities, reports what its sensors say. Without an address it is simulated. */
export class Go2Connection extends Module({
  source: import.meta.url,
  config: Go2Config,
  inputs: { cmdVel: { type: Twist, qos: { ...Twist.qos, maxAgeMs: COMMAND_MAX_AGE_MS } } },
  outputs: {
    odom: Odometry,
    lidar: PointCloud,
    colorImage: Image,
    cameraInfo: CameraInfo,
    imu: Imu,
    battery: BatteryState,
    tf: TFMessage,
    // Blueprints call the stream `groundTruth`, a name that the method of this module has here.
    trueOdom: Odometry,
  },
  // In a simulation: where the robots of one world are, for those who share it.
  inouts: { robotBodies: RobotBodyMessage },
  actuator: true,
}) {
  #link: Go2Link | undefined;
  #isFollowing = true;

  override async build() {
    this.#link = connectGo2(this.config, this.instanceName);
    this.#link.prepare?.({ signal: this.signal, frame: (id) => this.frame(id) });
  }

  override async start() {
    const link = this.#connected();
    const ports: { readonly [K in keyof Go2Reports]: { publish(message: Go2Reports[K]): unknown } } = {
      odometry: this.odom,
      lidar: this.lidar,
      image: this.colorImage,
      cameraInfo: this.cameraInfo,
      imu: this.imu,
      battery: this.battery,
      tf: this.tf,
      groundTruth: this.trueOdom,
      body: { publish: (body) => this.robotBodies.subscriberCount > 0 && this.robotBodies.publish(body) },
    };
    await link.start({
      clock: this.clock,
      log: this.log,
      signal: this.signal,
      frame: (id) => this.frame(id),
      report: (stream, message) => void ports[stream].publish(message),
    });
    let isLatched = false;
    let isHeld = false;
    this.onEstop(({ latched }) => {
      isLatched = latched;
      return link.halt(isLatched || isHeld);
    });
    this.onHold(({ phase }) => {
      isHeld = phase === "began";
      return link.halt(isLatched || isHeld);
    });
    // The robot may still be halted for the instance before this one, which has heard of no reset.
    await link.halt(isLatched || isHeld);
    this.cmdVel.subscribe(({ linear, angular }) => this.#follow(link, linear.x, linear.y, angular.z));
    // The robot would go on with the velocity before it for half a second.
    const brake = () => {
      this.#follow(link, 0, 0, 0).catch((error: unknown) => this.log.error("The robot was not halted", { err: error }));
    };
    this.cmdVel.onRefused(brake);
    this.cmdVel.onSourceLost(brake);
    this.robotBodies.subscribe((body) => {
      if (body.instance !== this.instanceName) link.simulation?.hearOf(body);
    });
    this.log.info(`Connected to a ${link.description}`);
  }

  override async stop() {
    // A simulated robot in its own process stops when its driver leaves, and that has happened by now.
    if (this.#link instanceof RemoteGo2) return;
    await this.#link?.move(0, 0, 0);
  }

  /** m/s forward and left, rad/s counter-clockwise; in force for 0.5 s. Resolves to whether the robot can follow. */
  move = rpc(async (vx: number, vy: number, vyaw: number): Promise<boolean> => this.#connected().move(vx, vy, vyaw), {
    moves: true,
  });

  standup = rpc(async (): Promise<void> => this.#connected().standUp(), { moves: true });

  liedown = rpc(async (): Promise<void> => this.#connected().lieDown(), { moves: true });

  /** Takes a picture with the front camera, a PNG file. */
  observe = skill({ description: "Take a picture with the front camera. Returns it as a PNG file." }, async () => {
    const { width, height, data } = await this.#connected().takePicture();
    const png = new Uint8Array(encodePng({ width, height, data }));
    return { mimeType: "image/png" as const, data: png, width, height };
  });

  /** How full the battery is: percent from 0 to 100, and its voltage; null for what the battery does not say. */
  batteryStateOfCharge = skill(
    {
      description:
        "How full the battery is: percent from 0 to 100, and its voltage; null for what the battery does not say.",
    },
    async () => {
      const { percentage, voltage } = await this.#connected().readBattery();
      return { percent: orUnknown(percentage * 100), voltage: orUnknown(voltage) };
    },
  );

  /** What really happened to a simulated robot: metres and radians in the world's frame. */
  groundTruth = rpc(async (): Promise<TrueState> => this.#simulation().truth());

  /** For tests, in simulation only: puts a box into the world. Resolves to the id that takes it out again. */
  addObstacle = rpc(
    async (obstacle: TestObstacle): Promise<number> => this.#simulation().addObstacle(obstacleShape(obstacle)),
  );

  /** Takes an obstacle out of the simulated world. Resolves to whether it was there. */
  removeObstacle = rpc(async (id: number): Promise<boolean> => this.#simulation().removeObstacle(id));

  /** The places that the simulated world has names for, in its own frame, on which the odometry starts. None for a real robot. */
  worldPlaces = rpc(async (): Promise<[name: string, pose: PlanarPose][]> => {
    return this.config.robotIp === undefined ? [...loadWorld(this.config.world).plan.places] : [];
  });

  /** Who drives by the stream gets no answer: what the robot cannot follow is in the log, once. */
  async #follow(link: Go2Link, vx: number, vy: number, vyaw: number): Promise<void> {
    const isFollowing = await link.move(vx, vy, vyaw);
    if (vx === 0 && vy === 0 && vyaw === 0) return;
    if (this.#isFollowing && !isFollowing)
      this.log.warn(`The robot follows no velocities: it does not stand. Call ${this.instanceName}.standup`);
    this.#isFollowing = isFollowing;
  }

  #simulation(): Go2Simulation {
    const { simulation } = this.#connected();
    if (simulation !== undefined) return simulation;
    throw new Go2Error("NOT_SIMULATED", "Only a simulated robot has a ground truth and obstacles to change.");
  }

  #connected(): Go2Link {
    if (this.#link === undefined) throw new Go2Error("NOT_CONNECTED", `${this.instanceName} is not connected yet.`);
    return this.#link;
  }
}

/** NaN says that nothing was measured. */
function orUnknown(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
