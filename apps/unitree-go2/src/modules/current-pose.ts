import type { In } from "@dimos/core";
import type { Odometry } from "@dimos/msgs";
import type { PlanarPose } from "../planar-pose.ts";
import { planarPose } from "./odometry-pose.ts";

const ODOMETRY_WAIT_MS = 2000;

/** Where odometry says the robot is now; waits for the first message when none has come yet. */
export async function currentPose(odom: In<Odometry>, signal?: AbortSignal): Promise<PlanarPose> {
  const options = { timeoutMs: ODOMETRY_WAIT_MS, ...(signal === undefined ? {} : { signal }) };
  return planarPose(odom.latest() ?? (await odom.next(options)));
}
