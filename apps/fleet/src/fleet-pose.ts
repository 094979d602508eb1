import { message, type Payload } from "@dimos/core";
import { finite } from "@dimos/msgs";
import { z } from "zod";

const schema = z.object({
  /** Its namespace. */
  robot: z.string(),
  x: z.number(),
  y: z.number(),
  yaw: z.number(),
  vx: z.number(),
  vy: z.number(),
});

/** Where a robot of the fleet is and how it moves, in the frame `world`: metres, radians, m/s. */
export const FleetPose = message("fleet/FleetPose", schema, { check: finite(schema) });
export type FleetPose = Payload<typeof FleetPose>;
