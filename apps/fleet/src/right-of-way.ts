import { Module, rpc } from "@dimos/core";
import { inFrame, Odometry, Twist, yawFromQuaternion } from "@dimos/msgs";
import { FleetPose } from "./fleet-pose.ts";
import { Precedence } from "./precedence.ts";

/** Commands older than this are not passed on. Milliseconds. */
const COMMAND_MAX_AGE_MS = 500;
/** Older odometry does not say where the robot is: it stands, and tells nobody. Milliseconds. */
const ODOMETRY_MAX_AGE_MS = 500;
/** How often a robot says where it is. Milliseconds. */
const TELL_PERIOD_MS = 100;

const STANDSTILL: Twist = { linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } };

/**
 * Between the planner of a robot and its legs: holds the robot where another one goes first. Every robot of a fleet has one,
 * and they hear each other. The odometry of each has to start on one frame, as that of simulated robots does.
 */
export class RightOfWay extends Module({
  source: import.meta.url,
  inputs: {
    odom: { type: Odometry, checks: [inFrame("odom", { childFrameId: "base_link" })] },
    plannedCmdVel: { type: Twist, qos: { ...Twist.qos, maxAgeMs: COMMAND_MAX_AGE_MS } },
  },
  outputs: { navCmdVel: Twist },
  inouts: { fleetPoses: FleetPose },
}) {
  readonly #robot = this.frame("").replace(/\/$/, "");
  readonly #precedence = new Precedence(this.#robot);
  #here: FleetPose | undefined;
  #locatedMs = Number.NEGATIVE_INFINITY;
  #isLost = false;
  #waitsFor: string | undefined;
  #waits = 0;

  override async start() {
    this.odom.subscribe(({ pose: { pose }, twist: { twist } }) => {
      this.#locatedMs = this.clock.now();
      const yaw = yawFromQuaternion(pose.orientation);
      const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
      const { x: forward, y: left } = twist.linear;
      const { x, y } = pose.position;
      this.#here = { robot: this.#robot, x, y, yaw, vx: cos * forward - sin * left, vy: sin * forward + cos * left };
    });
    this.fleetPoses.subscribe((pose) => this.#precedence.hear(pose, this.clock.now() / 1000));
    this.plannedCmdVel.subscribe((command) => this.navCmdVel.publish(this.#mayGo() ? command : STANDSTILL));
    this.plannedCmdVel.onRefused(() => this.navCmdVel.publish(STANDSTILL));
    this.clock.interval(TELL_PERIOD_MS, () => {
      const here = this.#freshPose;
      if (here !== undefined && this.fleetPoses.subscriberCount > 0) this.fleetPoses.publish(here);
    });
  }

  /** Whom the robot waits for now, and how often it has waited. */
  state = rpc(async () => ({ waitsFor: this.#waitsFor, waits: this.#waits }));

  /** The others would wait for ever for a robot that walked when it was heard of last. */
  get #freshPose(): FleetPose | undefined {
    return this.clock.now() - this.#locatedMs > ODOMETRY_MAX_AGE_MS ? undefined : this.#here;
  }

  #mayGo(): boolean {
    const here = this.#freshPose;
    if (here === undefined) {
      if (!this.#isLost)
        this.log.warn(`${this.#robot} stands: no odometry comes, so nobody knows whether another robot goes first`);
      this.#isLost = true;
      return false;
    }
    this.#isLost = false;
    const waitsFor = this.#precedence.waitsFor(here, this.clock.now() / 1000);
    if (waitsFor !== undefined && waitsFor !== this.#waitsFor) {
      this.#waits++;
      this.log.info(`${this.#robot} waits for ${waitsFor}, which goes first`);
    }
    this.#waitsFor = waitsFor;
    return waitsFor === undefined;
  }
}
