/** A velocity in the body frame: m/s forward and to the left, rad/s counter-clockwise. */
export interface Velocity {
  readonly vx: number;
  readonly vy: number;
  readonly vyaw: number;
}

export const STANDSTILL: Velocity = Object.freeze({ vx: 0, vy: 0, vyaw: 0 });

/** Time constant with which the legs follow a commanded velocity. Seconds. */
const ACCELERATION_LAG_S = 0.12;

/** Below this the robot stands. m/s and rad/s. */
const REST = 0.002;

/** The velocity after `dt` seconds of a first-order lag towards `target`. */
export function laggedVelocity(now: Velocity, target: Velocity, dt: number): Velocity {
  const share = 1 - Math.exp(-dt / ACCELERATION_LAG_S);
  const follow = (from: number, to: number) => {
    const value = from + (to - from) * share;
    return to === 0 && Math.abs(value) < REST ? 0 : value;
  };
  return { vx: follow(now.vx, target.vx), vy: follow(now.vy, target.vy), vyaw: follow(now.vyaw, target.vyaw) };
}

/** How hard the robot brakes when its commands stop coming: from walking speed to standing in 0.1 s. m/s^2, rad/s^2 */
const BRAKING_MPS2 = 6;
const BRAKING_RPS2 = 20;

/** The velocity after `dt` seconds of planting the feet. */
export function brakedVelocity(now: Velocity, dt: number): Velocity {
  const brake = (from: number, by: number) => {
    const left = Math.abs(from) - by * dt;
    return left > 0 ? Math.sign(from) * left : 0;
  };
  return {
    vx: brake(now.vx, BRAKING_MPS2),
    vy: brake(now.vy, BRAKING_MPS2),
    vyaw: brake(now.vyaw, BRAKING_RPS2),
  };
}
