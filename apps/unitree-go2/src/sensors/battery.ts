import type { Velocity } from "../simulator/lagged-velocity.ts";
import type { Posture } from "../simulator/posture.ts";

/** The standard battery of the Go2: 8 cells in series, 8 Ah. */
const CAPACITY_AH = 8;
const FULL_V = 33.6;
const EMPTY_V = 24;
const INTERNAL_OHM = 0.08;
/** Current of the electronics, of standing, and of each m/s of walking. Amperes. */
const IDLE_A = 1;
const STANDING_A = 2;
const WALKING_A_PER_MPS = 6;
const SECONDS_PER_HOUR = 3600;

export interface BatteryReading {
  readonly voltage: number;
  /** Amperes, negative while discharging. */
  readonly current: number;
  /** Ampere hours left, and when full. */
  readonly charge: number;
  readonly capacity: number;
  /** 0 to 1. */
  readonly percentage: number;
  readonly present: boolean;
}

/** A battery that standing and walking empty: about two hours of walking. */
export class Battery {
  #charge: number;

  /** @param percentage charge at the start, 0 to 1 */
  constructor(percentage = 1) {
    this.#charge = CAPACITY_AH * Math.min(Math.max(percentage, 0), 1);
  }

  /** Draws the current of the last `dtSeconds`. */
  draw(velocity: Velocity, posture: Posture, dtSeconds: number): BatteryReading {
    const speed = Math.hypot(velocity.vx, velocity.vy) + 0.3 * Math.abs(velocity.vyaw);
    const current = IDLE_A + (posture === "lying" ? 0 : STANDING_A + WALKING_A_PER_MPS * speed);
    this.#charge = Math.max(this.#charge - (current * dtSeconds) / SECONDS_PER_HOUR, 0);
    const percentage = this.#charge / CAPACITY_AH;
    return {
      voltage: EMPTY_V + (FULL_V - EMPTY_V) * percentage - current * INTERNAL_OHM,
      current: -current,
      charge: this.#charge,
      capacity: CAPACITY_AH,
      percentage,
      present: true,
    };
  }
}
