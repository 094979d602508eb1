/** What a language model may always do, beside the skills of the run: everybody may stop a robot. */
export const ESTOP_TOOL = "emergency_stop";

export const ESTOP_DESCRIPTION =
  "Latch the emergency stop of the whole run: every robot halts at once, and none moves until a person resets it with `dimos estop --reset`, which you cannot do. For danger, and when a person asks for it in whatever words; otherwise call the skill that stops what is under way.";

export const ESTOP_INPUT = { type: "object", properties: {}, additionalProperties: false } as const;
