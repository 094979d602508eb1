import { message, type Payload } from "@dimos/core";
import { z } from "zod";
import { finite } from "./finite.ts";
import { TransformStamped } from "./geometry.ts";

const schema = z.object({ transforms: z.array(TransformStamped) });

/**
 * tf2_msgs/TFMessage: transforms between frames. Queued (64), because each message may hold other frames; latched, so
 * that a late reader has the last one: a publisher repeats its static transforms in every message.
 */
export const TFMessage = message("tf2_msgs/TFMessage", schema, {
  qos: { keep: "queue", depth: 64, latched: true },
  check: finite(schema),
});
export type TFMessage = Payload<typeof TFMessage>;
