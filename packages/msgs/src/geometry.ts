import { z } from "zod";
import { Header } from "./header.ts";

/** geometry_msgs/Vector3: metres, metres per second, radians per second, ... as the field that holds it says. */
export const Vector3 = z.object({ x: z.number(), y: z.number(), z: z.number() });
export type Vector3 = z.infer<typeof Vector3>;

/** geometry_msgs/Point: metres. */
export const Point = z.object({ x: z.number(), y: z.number(), z: z.number() });
export type Point = z.infer<typeof Point>;

/**
 * geometry_msgs/Quaternion: a unit quaternion; `{ x: 0, y: 0, z: 0, w: 1 }` is no rotation. `finite` refuses one whose
 * length differs from 1 by more than 0.001.
 */
export const Quaternion = z
  .object({ x: z.number(), y: z.number(), z: z.number(), w: z.number() })
  .meta({ rotation: "unit quaternion" });
export type Quaternion = z.infer<typeof Quaternion>;

/** geometry_msgs/Pose: where (metres) and which way, x forward, y left, z up (REP 103). */
export const Pose = z.object({ position: Point, orientation: Quaternion });
export type Pose = z.infer<typeof Pose>;

/** geometry_msgs/Transform: metres; takes points of the child frame into the parent frame. */
export const Transform = z.object({ translation: Vector3, rotation: Quaternion });
export type Transform = z.infer<typeof Transform>;

/** geometry_msgs/TransformStamped: the parent frame is `header.frameId`. */
export const TransformStamped = z.object({ header: Header, childFrameId: z.string(), transform: Transform });
export type TransformStamped = z.infer<typeof TransformStamped>;
