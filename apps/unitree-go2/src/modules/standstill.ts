import type { Clock, In } from "@dimos/core";
import type { Odometry } from "@dimos/msgs";

/** A robot that moves slower than this stands. m/s, and rad/s. */
const STANDING_MPS = 0.02;
/** How long a robot may take to stand. Milliseconds. */
const HALT_MS = 2000;
const LOOK_PERIOD_MS = 50;

export interface Standstill {
  readonly status: "stopped" | "moving";
  /** m/s by odometry. */
  readonly speed: number;
  readonly error?: string;
}

/** Waits until odometry says that the robot stands. */
export async function standstill(odom: In<Odometry>, clock: Clock, signal: AbortSignal): Promise<Standstill> {
  const end = clock.now() + HALT_MS;
  for (;;) {
    // The first look comes after a period, or it would see the robot as it was before it was told.
    await clock.sleep(LOOK_PERIOD_MS, { signal });
    const { linear, angular } = odom.latest()?.twist.twist ?? {};
    const speed = Math.hypot(linear?.x ?? 0, linear?.y ?? 0);
    if (speed < STANDING_MPS && Math.abs(angular?.z ?? 0) < STANDING_MPS) return { status: "stopped", speed };
    if (clock.now() < end) continue;
    const error = `The robot still moves, ${HALT_MS / 1000} s after it was told to halt: something else drives it.`;
    return { status: "moving", speed, error };
  }
}
