import { wrapAngle } from "@dimos/msgs/math";
import { moveInFrame, type PlanarPose } from "../planar-pose.ts";
import { seededRandom } from "../random.ts";

export interface OdometerOptions {
  readonly seed?: number | undefined;
  /** Standard deviation of the error after a metre, metres; default 0: exact. */
  readonly driftPerMetre?: number | undefined;
  /** Standard deviation of the heading error after a metre, radians; default 0. */
  readonly yawDriftPerMetre?: number | undefined;
}

/**
 * Where the robot believes it is. It starts at its true pose, adds up the steps it makes, and is wrong by a random walk
 * that grows with the square root of the way.
 */
export class Odometer {
  readonly #random;
  readonly #drift: number;
  readonly #yawDrift: number;
  #truth: PlanarPose;
  #estimate: PlanarPose;

  constructor(start: PlanarPose, { seed = 1, driftPerMetre = 0, yawDriftPerMetre = 0 }: OdometerOptions = {}) {
    this.#random = seededRandom(seed);
    this.#drift = driftPerMetre;
    this.#yawDrift = yawDriftPerMetre;
    this.#truth = start;
    this.#estimate = start;
  }

  /** Takes the true pose and answers with the estimated one. */
  update(truth: PlanarPose): PlanarPose {
    if (this.#drift === 0 && this.#yawDrift === 0) return truth;
    const [dx, dy] = [truth.x - this.#truth.x, truth.y - this.#truth.y];
    const [cos, sin] = [Math.cos(this.#truth.yaw), Math.sin(this.#truth.yaw)];
    const root = Math.sqrt(Math.hypot(dx, dy));
    const wrong = () => this.#random.gaussian() * root;
    this.#estimate = moveInFrame(
      this.#estimate,
      cos * dx + sin * dy + wrong() * this.#drift,
      -sin * dx + cos * dy + wrong() * this.#drift,
      wrapAngle(truth.yaw - this.#truth.yaw) + wrong() * this.#yawDrift,
    );
    this.#truth = truth;
    return this.#estimate;
  }
}
