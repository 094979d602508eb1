import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { Pose } from "./geometry.ts";
import { Header } from "./header.ts";

/** geometry_msgs/PoseStamped: a pose in the frame `header.frameId`; also a goal. Queued (16): goals never coalesce. */
export const PoseStamped = message("geometry_msgs/PoseStamped", z.object({ header: Header, pose: Pose }), {
  qos: { keep: "queue", depth: 16 },
});
export type PoseStamped = Payload<typeof PoseStamped>;
