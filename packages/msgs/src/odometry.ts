import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { Pose, Vector3 } from "./geometry.ts";
import { Header } from "./header.ts";

/** A 6 x 6 covariance, row by row, in the order x, y, z, roll, pitch, yaw. Left out when unknown. */
const Covariance = z.instanceof(Float64Array).refine((rows) => rows.length === 36, {
  error: "a covariance has 36 numbers (6 x 6, row by row)",
});

const schema = z.object({
  header: Header,
  childFrameId: z.string(),
  pose: z.object({ pose: Pose, covariance: Covariance.optional() }),
  twist: z.object({
    twist: z.object({ linear: Vector3, angular: Vector3 }),
    covariance: Covariance.optional(),
  }),
});

/**
 * nav_msgs/Odometry: `pose` in `header.frameId` (`"odom"`), `twist` in `childFrameId` (`"base_link"`); metres, m/s and
 * rad/s. Only the latest is of interest.
 */
export const Odometry = message("nav_msgs/Odometry", schema, { qos: { keep: "latest" }, check: finite(schema) });
export type Odometry = Payload<typeof Odometry>;
