import { message, type Payload } from "@dimos/core";
import { z } from "zod";

/**
 * How the patrol goes; the last one, with another status than `patrolling`, is its report.
 *
 * - `idle`: none has begun yet
 * - `patrolling`: on its round
 * - `complete`: it has done the rounds it was asked for
 * - `stopped`: by `stopPatrol`, an emergency stop, or because the module stopped
 * - `interrupted`: something else gave the robot another goal, or took this one away, or the planner or something between
 *   it and the legs was lost
 * - `failed`: nothing of a whole round could be reached, or the planner was silent
 */
export const PatrolState = message(
  "unitree_go2/PatrolState",
  z.object({
    status: z.enum(["idle", "patrolling", "complete", "stopped", "interrupted", "failed"]),
    /** Whole rounds done. */
    rounds: z.number(),
    /** Points of a round. */
    points: z.number(),
    /** Points that were reached, and that were not, in all rounds. */
    reached: z.number(),
    missed: z.number(),
    /** Where it goes now: the name of a place, or coordinates. */
    next: z.string().optional(),
    detail: z.string(),
  }),
  { qos: { keep: "latest", latched: true } },
);
export type PatrolState = Payload<typeof PatrolState>;
