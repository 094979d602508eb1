import { message, type Payload } from "@dimos/core";
import { z } from "zod";

/** std_msgs/String, as `@dimos/msgs` has it: what people say to the agent. */
export const HumanInput = message("std_msgs/String", z.object({ data: z.string() }));

/** std_msgs/Bool, as `@dimos/msgs` has it: whether the agent waits for a message. */
export const AgentIdle = message("std_msgs/Bool", z.object({ data: z.boolean() }));

/**
 * What an agent hears, says and does. A turn begins with `heard` and ends with `done`, whatever happens in between:
 *
 * - `heard`: the message; `said`: an answer, or a part of it
 * - `called`, `progress`, `returned`, `failed`: a skill; `failed` without a skill: the model
 * - `done`: the end, with its `outcome`
 */
export const AgentEvent = message(
  "dimos_agent/AgentEvent",
  z.object({
    /** Counts messages since the agent started, from 1. */
    turn: z.number().int(),
    kind: z.enum(["heard", "said", "called", "progress", "returned", "failed", "done"]),
    /** For people. */
    text: z.string(),
    /** Seconds since the Unix epoch. */
    time: z.number(),
    /** `Module.skill`. */
    skill: z.string().optional(),
    /** Of a skill that is called; plain data. */
    input: z.unknown().optional(),
    /** Of a skill that returned; plain data, pictures as a few words. */
    result: z.unknown().optional(),
    /** How a turn ended: as it was asked for, not so, or because of a newer message or the end of the run. */
    outcome: z.enum(["done", "failed", "interrupted"]).optional(),
  }),
  { qos: { keep: "queue", depth: 1024 } },
);
export type AgentEvent = Payload<typeof AgentEvent>;

export type TurnOutcome = NonNullable<AgentEvent["outcome"]>;
