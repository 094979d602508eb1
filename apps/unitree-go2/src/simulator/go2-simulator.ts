import { wrapAngle } from "@dimos/msgs/math";
import { Go2Error } from "../errors.ts";
import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import { rectanglesTouch } from "../world/rectangle.ts";
import type { Shape } from "../world/shape.ts";
import type { World } from "../world/world.ts";
import {
  assertRoomToStand,
  bodyAt,
  LYING_HEIGHT_M,
  MAX_FORWARD_MPS,
  MAX_SIDEWAYS_MPS,
  MAX_YAW_RATE_RPS,
  STANDING_HEIGHT_M,
} from "./body.ts";
import { GroundTruth } from "./ground-truth.ts";
import { brakedVelocity, laggedVelocity, STANDSTILL, type Velocity } from "./lagged-velocity.ts";
import { Neighbours } from "./neighbours.ts";
import { type Posture, PostureControl } from "./posture.ts";
import { Traffic } from "./traffic.ts";

/** The simulation advances in steps of this size. Seconds. */
const STEP_S = 0.01;

/** Without a command for this long the robot stops by itself. Seconds of simulation time. */
const DEAD_MAN_S = 0.5;

/** A contact is over when the robot is this far away: pushing against a wall is one bump. Metres. */
const CONTACT_ENDS_M = 0.01;

export interface Bump {
  /** Simulation time, seconds. */
  readonly time: number;
  readonly pose: PlanarPose;
  /** Label of the obstacle that was hit. */
  readonly obstacle: string;
}

export interface Go2SimulatorOptions {
  readonly world: World;
  /** Where the robot stands at first; default: the start pose of the world. */
  readonly start?: PlanarPose | undefined;
  /** Default `standing`. */
  readonly posture?: "standing" | "lying" | undefined;
}

/**
 * A kinematic Unitree Go2 in a world. It owns no timer: `step` advances it. It takes the robot's own call, `move`, and
 * guards itself as the robot's firmware does: limits, dead man, no motion unless it stands.
 */
export class Go2Simulator {
  readonly world: World;
  /** The other robots of the world. */
  readonly neighbours: Neighbours;
  readonly traffic: Traffic;
  readonly #posture: PostureControl;
  readonly #truth: GroundTruth;
  readonly #bumpListeners = new Set<(bump: Bump) => void>();
  #steps = 0;
  #unspent = 0;
  #pose: PlanarPose;
  #velocity: Velocity = STANDSTILL;
  #command: Velocity = STANDSTILL;
  #commandedAt = Number.NEGATIVE_INFINITY;
  /** The last of the world's moves that the standing robot has taken in. */
  #lookedAt = 0;
  /** Label of what the robot has run into, or that has run into it, until they are apart. */
  #contact: string | undefined;

  /** Throws `Go2Error` when the robot cannot stand at its start. */
  constructor({ world, start = world.plan.start, posture = "standing" }: Go2SimulatorOptions) {
    assertRoomToStand(world, start, "The start pose");
    this.world = world;
    this.#pose = { x: start.x, y: start.y, yaw: wrapAngle(start.yaw) };
    this.#posture = new PostureControl(posture);
    this.traffic = new Traffic(world);
    this.neighbours = new Neighbours(world);
    this.#truth = new GroundTruth(this.#pose, world.nearestTo(bodyAt(start)).gap, world.distanceFrom(start.x, start.y));
  }

  /** Simulation time since the start, seconds. */
  get timeSeconds(): number {
    return this.#steps * STEP_S;
  }

  /** Where the robot truly is, in the frame of the world. */
  get pose(): PlanarPose {
    return this.#pose;
  }

  /** How it truly moves, in its body frame. */
  get velocity(): Velocity {
    return this.#velocity;
  }

  get posture(): Posture {
    return this.#posture.posture;
  }

  /** Height of the base above the floor, metres. */
  get baseHeight(): number {
    const share = this.#posture.heightShare(this.timeSeconds);
    return LYING_HEIGHT_M + (STANDING_HEIGHT_M - LYING_HEIGHT_M) * share;
  }

  /** What honest tests measure against. */
  get truth(): GroundTruth {
    return this.#truth;
  }

  /** Whether the robot touches an obstacle now. */
  get inContact(): boolean {
    return this.#contact !== undefined;
  }

  /** The neighbour that the robot has run into, as long as they touch. */
  get touches(): string | undefined {
    return this.neighbours.bodyOf(this.#contact) === undefined ? undefined : this.#contact;
  }

  /**
   * Commands a velocity in the body frame, in force for `DEAD_MAN_S`: m/s forward and left, rad/s counter-clockwise, cut
   * to the limits of the robot. Returns whether the robot can follow, which it does only while it stands.
   * A number that is not finite stops the robot and throws `Go2Error`.
   */
  move(vx: number, vy: number, vyaw: number): boolean {
    if (!(Number.isFinite(vx) && Number.isFinite(vy) && Number.isFinite(vyaw))) {
      this.#command = STANDSTILL;
      throw new Go2Error(
        "BAD_COMMAND",
        `move(${vx}, ${vy}, ${vyaw}) is not a velocity, the robot stops. Send finite numbers.`,
      );
    }
    if (this.posture !== "standing") return false;
    this.#command = {
      vx: clamp(vx, MAX_FORWARD_MPS),
      vy: clamp(vy, MAX_SIDEWAYS_MPS),
      vyaw: clamp(vyaw, MAX_YAW_RATE_RPS),
    };
    // A robot that brakes stops sooner than one that is told to stop.
    const isStop = this.#command.vx === 0 && this.#command.vy === 0 && this.#command.vyaw === 0;
    if (!isStop || this.#isCommanded) this.#commandedAt = this.timeSeconds;
    return true;
  }

  /** Stops as fast as it can, until the next command. */
  brake(): void {
    this.#command = STANDSTILL;
    this.#commandedAt = Number.NEGATIVE_INFINITY;
  }

  standUp(): void {
    this.#posture.standUp(this.timeSeconds);
  }

  /** Stops walking at once, then lies down. */
  lieDown(): void {
    this.#command = STANDSTILL;
    this.#posture.lieDown(this.timeSeconds);
  }

  /** Calls `listener` at the start of every contact with an obstacle. The function returned ends that. */
  onBump(listener: (bump: Bump) => void): () => void {
    this.#bumpListeners.add(listener);
    return () => this.#bumpListeners.delete(listener);
  }

  /** Puts an obstacle into the world, but not onto the robot. The function returned takes it out again. */
  addObstacle(shape: Shape): () => void {
    const remove = this.world.add(shape);
    try {
      assertRoomToStand(this.world, this.#pose, `With the new obstacle (${shape.label}) the robot`);
    } catch (error) {
      remove();
      throw error;
    }
    this.#look();
    return remove;
  }

  /** Whether a neighbour is where this robot is. */
  overlaps(neighbour: string): boolean {
    const body = this.neighbours.bodyOf(neighbour);
    return body !== undefined && rectanglesTouch(bodyAt(this.#pose), body);
  }

  /** A neighbour has run into this robot: that is a collision of both. */
  touchedBy(neighbour: string): void {
    this.#bump(neighbour);
  }

  /** Advances by `dtSeconds` in steps of `STEP_S`; what is left of it is kept for the next call. */
  step(dtSeconds: number): void {
    if (!(Number.isFinite(dtSeconds) && dtSeconds >= 0)) {
      throw new Go2Error("BAD_COMMAND", `step(${dtSeconds}) is not a time. Give seconds, 0 or more.`);
    }
    this.#unspent += dtSeconds;
    // Half a nanosecond of tolerance, so that ten steps of 0.1 s are 100 steps of 0.01 s.
    while (this.#unspent >= STEP_S - 5e-10) {
      this.#unspent -= STEP_S;
      this.#advance();
    }
  }

  /** The last command is in force; otherwise the robot brakes. */
  get #isCommanded(): boolean {
    return this.timeSeconds - this.#commandedAt <= DEAD_MAN_S;
  }

  #advance(): void {
    this.#steps++;
    const now = this.timeSeconds;
    this.#posture.advance(now);
    this.traffic.advance(STEP_S, [bodyAt(this.#pose), ...this.neighbours.bodies]);
    const target = this.posture === "standing" ? this.#command : STANDSTILL;
    this.#velocity = this.#isCommanded
      ? laggedVelocity(this.#velocity, target, STEP_S)
      : brakedVelocity(this.#velocity, STEP_S);
    if (this.#velocity.vx !== 0 || this.#velocity.vy !== 0 || this.#velocity.vyaw !== 0) this.#moveOn();
    else if (this.world.moves !== this.#lookedAt) this.#look();
  }

  /** The robot stands, but what is around it may have changed. */
  #look(): void {
    const { x, y } = this.#pose;
    const { gap } = this.world.nearestTo(bodyAt(this.#pose));
    this.#lookedAt = this.world.moves;
    if (gap > CONTACT_ENDS_M) this.#contact = undefined;
    this.#truth.moved(this.#pose, gap, this.world.distanceFrom(x, y));
  }

  #moveOn(): void {
    const next = integrate(this.#pose, this.#velocity, STEP_S);
    const { gap, shape } = this.world.nearestTo(bodyAt(next));
    if (gap > 0 || this.#isParting(shape, next)) {
      this.#pose = next;
      if (gap > CONTACT_ENDS_M) this.#contact = undefined;
      this.#truth.moved(next, gap, this.world.distanceFrom(next.x, next.y));
      return;
    }
    this.#velocity = STANDSTILL;
    this.#bump(shape?.label ?? "obstacle");
  }

  #bump(obstacle: string): void {
    if (this.#contact !== undefined) return;
    this.#contact = obstacle;
    this.#truth.bumped();
    const bump = { time: this.timeSeconds, pose: this.#pose, obstacle };
    for (const listener of [...this.#bumpListeners]) listener(bump);
  }

  /** Two robots hear of each other with a delay, and may find themselves in each other: out of that they can walk. */
  #isParting(shape: Shape | undefined, next: PlanarPose): boolean {
    const body = this.neighbours.bodyOf(shape?.label);
    if (body === undefined || !this.overlaps(shape?.label as string)) return false;
    return planarDistance(next, body) > planarDistance(this.#pose, body);
  }
}

/** The pose after `dt` seconds at a body velocity, along the mean heading of the step. */
function integrate(pose: PlanarPose, { vx, vy, vyaw }: Velocity, dt: number): PlanarPose {
  const heading = pose.yaw + (vyaw * dt) / 2;
  const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
  return {
    x: pose.x + (cos * vx - sin * vy) * dt,
    y: pose.y + (sin * vx + cos * vy) * dt,
    yaw: wrapAngle(pose.yaw + vyaw * dt),
  };
}

function clamp(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit);
}
