import { message, type Payload } from "@dimos/core";
import { z } from "zod";

/** Where a robot of the fleet is and how it moves, in the frame `world`: metres, radians, m/s. */
export const FleetPose = message(
  "fleet/FleetPose",
  z.object({
    /** Its namespace. */
    robot: z.string(),
    x: z.number(),
    y: z.number(),
    yaw: z.number(),
    vx: z.number(),
    vy: z.number(),
  }),
);
export type FleetPose = Payload<typeof FleetPose>;
