import { type Random, seededRandom } from "../random.ts";
import type { Velocity } from "../simulator/lagged-velocity.ts";

const GRAVITY_MPS2 = 9.81;

export interface InertialReading {
  /** Turning rate about the body axes, rad/s. */
  readonly angularVelocity: { readonly x: number; readonly y: number; readonly z: number };
  /** Specific force along the body axes, m/s^2: at rest z is +9.81. */
  readonly linearAcceleration: { readonly x: number; readonly y: number; readonly z: number };
}

export interface InertialUnitOptions {
  readonly seed: number;
  /** Standard deviation, rad/s; default 0.003. */
  readonly gyroNoise?: number | undefined;
  /** Standard deviation, m/s^2; default 0.03. */
  readonly accelerationNoise?: number | undefined;
}

/** A simulated gyroscope and accelerometer in the middle of the base. */
export class InertialUnit {
  readonly #random: Random;
  readonly #gyroNoise: number;
  readonly #accelerationNoise: number;
  #last: Velocity | undefined;

  constructor({ seed, gyroNoise = 0.003, accelerationNoise = 0.03 }: InertialUnitOptions) {
    this.#random = seededRandom(seed);
    this.#gyroNoise = gyroNoise;
    this.#accelerationNoise = accelerationNoise;
  }

  /** Takes the true body velocity, `dtSeconds` after the one before. */
  measure(velocity: Velocity, dtSeconds: number): InertialReading {
    const last = this.#last ?? velocity;
    this.#last = velocity;
    const gyro = () => this.#random.gaussian() * this.#gyroNoise;
    const force = () => this.#random.gaussian() * this.#accelerationNoise;
    const { vx, vy, vyaw } = velocity;
    // In the turning body frame: the change of the velocity, and the pull towards the middle of the turn.
    const ax = (vx - last.vx) / dtSeconds - vyaw * vy;
    const ay = (vy - last.vy) / dtSeconds + vyaw * vx;
    return {
      angularVelocity: { x: gyro(), y: gyro(), z: vyaw + gyro() },
      linearAcceleration: { x: ax + force(), y: ay + force(), z: GRAVITY_MPS2 + force() },
    };
  }
}
