import type { Clock, In } from "@dimos/core";
import { type Odometry, secondsFromTime } from "@dimos/msgs";
import type { PlanarPose } from "../planar-pose.ts";
import { planarPose } from "./odometry-pose.ts";

const ODOMETRY_WAIT_MS = 2000;
/** Odometry comes every 20 ms. What was stamped longer ago may be of before a restart, when the robot stood elsewhere. */
const ODOMETRY_MAX_AGE_MS = 500;

/** Where odometry says the robot is now; waits for the first message when none has come yet. */
export async function currentPose(odom: In<Odometry>, signal?: AbortSignal): Promise<PlanarPose> {
  const options = { timeoutMs: ODOMETRY_WAIT_MS, ...(signal === undefined ? {} : { signal }) };
  return planarPose(odom.latest() ?? (await odom.next(options)));
}

/**
 * Where a move begins: odometry that is old, or stamped by another clock, is waited out. Rejects when none comes: nothing
 * is measured from where the robot stood before.
 */
export async function freshPose(odom: In<Odometry>, clock: Clock, signal: AbortSignal): Promise<PlanarPose> {
  const latest = odom.latest();
  const ageMs = latest === undefined ? Number.NaN : clock.now() - secondsFromTime(latest.header.stamp) * 1000;
  if (latest !== undefined && Math.abs(ageMs) <= ODOMETRY_MAX_AGE_MS) return planarPose(latest);
  return planarPose(await odom.next({ timeoutMs: ODOMETRY_WAIT_MS, signal }));
}
