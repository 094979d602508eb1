import { message, type Payload } from "@dimos/core";
import { finite } from "@dimos/msgs";
import { z } from "zod";

const Goal = z.object({ x: z.number(), y: z.number(), yaw: z.number().optional() });

/** NaN when it is not known, as of a goal in another frame, or where a robot without odometry is. */
const Measured = z.number().or(z.nan());

/** What the planner is doing: `GlobalPlanner.state`, metres. Only the latest is of interest. */
export const NavigationState = message(
  "unitree_go2/NavigationState",
  z.object({
    status: z.enum([
      "idle",
      "waiting-for-map",
      "straight",
      "following",
      "approaching",
      "arriving",
      "searching",
      "recovering",
      "stopping",
    ]),
    goalId: z.number().optional(),
    /**
     * Changes with each planner, and with each loss of something that it drives through or by. A module that sends goal after
     * goal ends when it changes. Left out by planners that do not know.
     */
    session: z.number().optional(),
    goal: Goal.optional(),
    distanceLeft: z.number(),
    detail: z.string(),
  }),
  { qos: { keep: "latest", latched: true } },
);
export type NavigationState = Payload<typeof NavigationState>;

/**
 * How a goal ended, measured; also of one that was refused. Every result is delivered. Metres; the pose in the frame of
 * the odometry; NaN what is not known.
 */
export const NavigationResult = message(
  "unitree_go2/NavigationResult",
  z.object({
    goalId: z.number(),
    goal: Goal.extend({ x: Measured, y: Measured }),
    status: z.enum(["reached", "blocked", "cancelled", "timeout"]),
    moved: z.number(),
    distanceLeft: Measured,
    error: z.string().optional(),
    pose: z.object({ x: Measured, y: Measured, yaw: Measured }),
  }),
);
export type NavigationResult = Payload<typeof NavigationResult>;

/** Asks the map to look again: what it shows around a point, metres in the frame of the map, may be gone. */
const doubt = z.object({ x: z.number(), y: z.number(), radius: z.number().positive() });
export const MapDoubt = message("unitree_go2/MapDoubt", doubt, { check: finite(doubt) });
export type MapDoubt = Payload<typeof MapDoubt>;
