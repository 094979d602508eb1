import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { Pose } from "./geometry.ts";
import { Header } from "./header.ts";

const schema = z.object({ header: Header, pose: Pose });

/** geometry_msgs/PoseStamped: a pose in the frame `header.frameId`; also a goal. Queued (16): goals never coalesce. */
export const PoseStamped = message("geometry_msgs/PoseStamped", schema, {
  qos: { keep: "queue", depth: 16 },
  check: finite(schema),
});
export type PoseStamped = Payload<typeof PoseStamped>;
