import type { Clock, DeepReadonly, In } from "@dimos/core";
import type { Odometry } from "@dimos/msgs";

/** A robot that moves slower than this stands. m/s, and rad/s. */
const STANDING_MPS = 0.02;
/** How long a robot may take to stand. Seconds. */
const HALT_S = 2;
const LOOK_PERIOD_MS = 50;

export interface Standstill {
  /** `unknown` without usable odometry: a robot of which nothing is heard need not stand. */
  readonly status: "stopped" | "moving" | "unknown";
  /** m/s by odometry; left out when that says nothing. */
  readonly speed?: number;
  readonly error?: string;
}

/** Waits until odometry says that the robot stands: odometry that has come since, for the last one says how it moved before. */
export async function standstill(odom: In<Odometry>, clock: Clock, signal: AbortSignal): Promise<Standstill> {
  const end = clock.now() + HALT_S * 1000;
  let twist: DeepReadonly<Odometry>["twist"]["twist"] | undefined;
  const leave = odom.subscribe((odometry) => {
    twist = odometry.twist.twist;
  });
  try {
    for (;;) {
      // The first look comes after a period, or it would see the robot as it was before it was told.
      await clock.sleep(LOOK_PERIOD_MS, { signal });
      const known = odom.fault === undefined ? twist : undefined;
      const speed = known === undefined ? Number.NaN : Math.hypot(known.linear.x, known.linear.y);
      if (speed < STANDING_MPS && Math.abs(known?.angular.z ?? 0) < STANDING_MPS) return { status: "stopped", speed };
      if (clock.now() < end) continue;
      if (known === undefined) return { status: "unknown", error: whyUnknown(odom.fault) };
      const error = `The robot still moves, ${HALT_S} s after it was told to halt: something else drives it.`;
      return { status: "moving", speed, error };
    }
  } finally {
    leave();
  }
}

function whyUnknown(fault: string | undefined): string {
  const why = fault === undefined ? `no odometry has come for ${HALT_S} s` : `the odometry cannot be used: ${fault}`;
  return `It is not known whether the robot stands: ${why}. Look at it, and at what reports its odometry.`;
}
