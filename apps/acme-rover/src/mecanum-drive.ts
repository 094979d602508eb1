/** A velocity in the body frame: m/s forward and left, rad/s counter-clockwise. */
export interface BodyVelocity {
  readonly vx: number;
  readonly vy: number;
  readonly vyaw: number;
}

export const STANDSTILL: BodyVelocity = Object.freeze({ vx: 0, vy: 0, vyaw: 0 });

const WHEEL_RADIUS_M = 0.08;
/** Half the wheel base and half the track, together. Metres. */
const HALF_SPAN_M = 0.22 + 0.18;
/** rad/s, and rad/s². */
const MAX_WHEEL_SPEED = 12;
const WHEEL_ACCELERATION = 25;

/** Front left, front right, rear left, rear right. */
type Wheels = readonly [number, number, number, number];

/**
 * Four mecanum wheels with 45° rollers. Wheels turn up slowly and have a top speed; a velocity that is too fast is
 * slowed down as a whole, so that the rover keeps its course.
 *
 * Kinematics: Taheri, Qiao, Ghaeminezhad, "Kinematic Model of a Four Mecanum Wheeled Mobile Robot", IJCA 113(3), 2015.
 */
export class MecanumDrive {
  #speeds: Wheels = [0, 0, 0, 0];

  /** What the rover does now. */
  get velocity(): BodyVelocity {
    const [frontLeft, frontRight, rearLeft, rearRight] = this.#speeds;
    const quarter = WHEEL_RADIUS_M / 4;
    return {
      vx: (frontLeft + frontRight + rearLeft + rearRight) * quarter,
      vy: (-frontLeft + frontRight + rearLeft - rearRight) * quarter,
      vyaw: ((-frontLeft + frontRight - rearLeft + rearRight) * quarter) / HALF_SPAN_M,
    };
  }

  /** Lets the wheels follow a command for `seconds`. */
  follow(command: BodyVelocity, seconds: number): void {
    const wanted = wheelSpeeds(command);
    const change = WHEEL_ACCELERATION * seconds;
    const next = (wheel: number): number => {
      const now = this.#speeds[wheel] as number;
      return now + Math.min(change, Math.max(-change, (wanted[wheel] as number) - now));
    };
    this.#speeds = [next(0), next(1), next(2), next(3)];
  }

  /** The rover ran into something: nothing turns any more. */
  stall(): void {
    this.#speeds = [0, 0, 0, 0];
  }
}

function wheelSpeeds({ vx, vy, vyaw }: BodyVelocity): Wheels {
  const turn = HALF_SPAN_M * vyaw;
  const speeds = [vx - vy - turn, vx + vy + turn, vx + vy - turn, vx - vy + turn].map((v) => v / WHEEL_RADIUS_M);
  const tooFast = Math.max(1, ...speeds.map((speed) => Math.abs(speed) / MAX_WHEEL_SPEED));
  return speeds.map((speed) => speed / tooFast) as unknown as Wheels;
}
