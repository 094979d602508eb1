import { type BodyVelocity, MecanumDrive, STANDSTILL } from "./mecanum-drive.ts";
import type { Yard } from "./yard.ts";

/** The hull is a disc. Metres. */
export const ROVER_RADIUS_M = 0.3;
/** A command is in force for so long, then the motor controller halts by itself. Seconds. */
const COMMAND_LIFE_S = 0.5;

/** Where the rover is: metres, radians counter-clockwise from x, in the frame of the yard. */
export interface RoverPose {
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
}

/** The rover's wheels and motor controller, in a yard. */
export class SimulatedRover {
  readonly yard: Yard;
  readonly #drive = new MecanumDrive();
  #pose: RoverPose;
  #command = STANDSTILL;
  #commandAgeS = 0;
  /** How often it ran into something. */
  bumps = 0;
  /** The nearest that its hull has come to anything, metres. */
  smallestGap = Number.POSITIVE_INFINITY;

  constructor(yard: Yard, pose: RoverPose) {
    this.yard = yard;
    this.#pose = pose;
  }

  get pose(): RoverPose {
    return this.#pose;
  }

  get velocity(): BodyVelocity {
    return this.#drive.velocity;
  }

  command(velocity: BodyVelocity): void {
    this.#command = velocity;
    this.#commandAgeS = 0;
  }

  step(seconds: number): void {
    this.#commandAgeS += seconds;
    this.#drive.follow(this.#commandAgeS > COMMAND_LIFE_S ? STANDSTILL : this.#command, seconds);
    const { vx, vy, vyaw } = this.#drive.velocity;
    const { x, y, yaw } = this.#pose;
    const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
    const next = {
      x: x + (vx * cos - vy * sin) * seconds,
      y: y + (vx * sin + vy * cos) * seconds,
      yaw: yaw + vyaw * seconds,
    };
    const gap = this.yard.clearance(next.x, next.y) - ROVER_RADIUS_M;
    if (gap < 0) {
      // Against the fence it stands; it can still turn away.
      this.#pose = { x, y, yaw: next.yaw };
      if (Math.hypot(vx, vy) > 0.05) this.bumps++;
      this.#drive.stall();
      return;
    }
    this.smallestGap = Math.min(this.smallestGap, gap);
    this.#pose = next;
  }

  /** Points of a turning lidar, x, y, z triples in its own frame, metres. */
  scan(rays: number): Float32Array<ArrayBuffer> {
    const points = new Float32Array(rays * 3);
    const { x, y, yaw } = this.#pose;
    for (let ray = 0; ray < rays; ray++) {
      const angle = (ray / rays) * 2 * Math.PI;
      const range = this.yard.range(x, y, yaw + angle);
      points.set([range * Math.cos(angle), range * Math.sin(angle), 0], ray * 3);
    }
    return points;
  }
}
