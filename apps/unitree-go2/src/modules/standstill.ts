import type { Clock, In } from "@dimos/core";
import type { Odometry } from "@dimos/msgs";

/** A robot that moves slower than this stands. m/s, and rad/s. */
const STANDING_MPS = 0.02;
/** How long a robot may take to stand. Milliseconds. */
const HALT_MS = 2000;
const LOOK_PERIOD_MS = 50;

export interface Standstill {
  readonly status: "stopped" | "moving" | "unknown";
  /** m/s by odometry; left out when that says nothing. */
  readonly speed?: number;
  readonly error?: string;
}

/** Waits until odometry says that the robot stands. */
export async function standstill(odom: In<Odometry>, clock: Clock, signal: AbortSignal): Promise<Standstill> {
  const end = clock.now() + HALT_MS;
  for (;;) {
    // The first look comes after a period, or it would see the robot as it was before it was told.
    await clock.sleep(LOOK_PERIOD_MS, { signal });
    const odometry = odom.fault === undefined ? odom.latest() : undefined;
    if (odometry === undefined) {
      if (clock.now() < end) continue;
      const why = odom.fault === undefined ? "no odometry comes" : `the odometry cannot be used: ${odom.fault}`;
      return { status: "unknown", error: `It is not known whether the robot stands: ${why}.` };
    }
    const { linear, angular } = odometry.twist.twist;
    const speed = Math.hypot(linear.x, linear.y);
    if (speed < STANDING_MPS && Math.abs(angular.z) < STANDING_MPS) return { status: "stopped", speed };
    if (clock.now() < end) continue;
    const error = `The robot still moves, ${HALT_MS / 1000} s after it was told to halt: something else drives it.`;
    return { status: "moving", speed, error };
  }
}
