import { message, type Payload } from "@dimos/core";
import { z } from "zod";

/**
 * How far the exploration has come; the last one, with another status than `exploring`, is its report.
 *
 * - `idle`: none has begun yet
 * - `exploring`: under way
 * - `complete`: no frontier is left that can be reached
 * - `stopped`: by `endExploration`, an emergency stop, or because the module stopped
 * - `interrupted`: something else gave the robot another goal, or took this one away, or the planner or something between
 *   it and the legs was lost
 * - `timeout`: it took longer than it was allowed to
 * - `failed`: no map or no planner was heard of any more, or the map shows no floor where the robot is
 */
export const ExplorationState = message(
  "unitree_go2/ExplorationState",
  z.object({
    status: z.enum(["idle", "exploring", "complete", "stopped", "interrupted", "timeout", "failed"]),
    /** Known floor, square metres. */
    area: z.number(),
    /** Known floor as a share of itself and the unknown floor behind the frontiers, 0 to 1. */
    fraction: z.number(),
    /** Edges of the known floor that are still to be looked at. */
    frontiers: z.number(),
    /** Edges that the robot could not get to. */
    unreachable: z.number(),
    /** Metres walked by odometry, and seconds, since it began. */
    distance: z.number(),
    seconds: z.number(),
    goal: z.object({ x: z.number(), y: z.number() }).optional(),
    /** One plain sentence. */
    detail: z.string(),
  }),
  { qos: { keep: "latest", latched: true } },
);
export type ExplorationState = Payload<typeof ExplorationState>;
