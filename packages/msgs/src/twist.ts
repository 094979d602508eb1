import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { Vector3 } from "./geometry.ts";

const schema = z.object({ linear: Vector3, angular: Vector3 });

/**
 * geometry_msgs/Twist: a velocity, or a command to move at it. Linear m/s, angular rad/s, in the body frame: x forward,
 * y left, `angular.z` counter-clockwise. Every command is queued (16), none replaces another unseen.
 */
export const Twist = message("geometry_msgs/Twist", schema, {
  qos: { keep: "queue", depth: 16 },
  check: finite(schema),
});
export type Twist = Payload<typeof Twist>;
