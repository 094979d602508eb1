import { message } from "@dimos/core";
import { finite } from "@dimos/msgs";
import { z } from "zod";
import type { RobotBody } from "../simulator/robot-body.ts";

const PlanarPose = z.object({ x: z.number(), y: z.number(), yaw: z.number() });

const schema = z.object({
  instance: z.string(),
  world: z.string(),
  stamp: z.number(),
  pose: PlanarPose,
  height: z.number(),
  touches: z.string().optional(),
  traffic: z.array(
    z.object({
      from: z.number(),
      isForwards: z.boolean(),
      along: z.number(),
      yaw: z.number(),
      pausedFor: z.number(),
      waited: z.number(),
    }),
  ),
});

/** What simulated robots of one world tell each other, 25 times a second. See `simulator/robot-body.ts`. */
export const RobotBodyMessage = message<RobotBody>("unitree_go2/RobotBody", schema, {
  check: finite<RobotBody>(schema),
});
