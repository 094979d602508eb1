import { wrapAngle } from "@dimos/msgs";
import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import { STANDSTILL, type Velocity } from "../simulator/lagged-velocity.ts";

/** What a robot does that gets no farther: it steps back, or looks round. */
export type RecoveryKind = "back-up" | "turn";

/** By what it was stopped, what it tries, one after the other. Then it is blocked. */
export const RECOVERIES: Readonly<Record<"stuck" | "no-way", readonly RecoveryKind[]>> = Object.freeze({
  stuck: ["back-up", "turn", "back-up"],
  "no-way": ["turn"],
});

/** Obstacles this near to the robot are doubted before it tries again. Metres. */
export const DOUBT_RADIUS_M = 1.5;

const BACK_UP_M = 0.35;
const BACK_UP_MPS = 0.2;
const TURN_RAD = (2 * Math.PI) / 3;
const TURN_RPS = 0.9;
/** A manoeuvre that has no room ends after this. Seconds. */
const LIMIT_S = 4;

/** One manoeuvre, from tick to tick. Whoever drives keeps it from obstacles. */
export class Recovery {
  readonly kind: RecoveryKind;
  readonly #start: PlanarPose;
  readonly #startedAt: number;
  readonly #sense: 1 | -1;
  #turned = 0;
  #lastYaw: number;

  /** @param sense 1 turns to the left, -1 to the right */
  constructor(kind: RecoveryKind, pose: PlanarPose, now: number, sense: 1 | -1) {
    this.kind = kind;
    this.#start = pose;
    this.#startedAt = now;
    this.#sense = sense;
    this.#lastYaw = pose.yaw;
  }

  /** The velocity to command now, undefined once it is done or has taken too long. */
  tick(pose: PlanarPose, now: number): Velocity | undefined {
    this.#turned += Math.abs(wrapAngle(pose.yaw - this.#lastYaw));
    this.#lastYaw = pose.yaw;
    if (now - this.#startedAt >= LIMIT_S) return undefined;
    if (this.kind === "turn")
      return this.#turned >= TURN_RAD ? undefined : { ...STANDSTILL, vyaw: this.#sense * TURN_RPS };
    return planarDistance(pose, this.#start) >= BACK_UP_M ? undefined : { ...STANDSTILL, vx: -BACK_UP_MPS };
  }
}
