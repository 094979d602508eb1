/**
 * What a message halts: `only` when that is all it says, `first` when more follows. `emergency` and `emergency-first` latch
 * the emergency stop.
 */
export type StopKind = "only" | "first" | "emergency" | "emergency-first";

const COURTESY = /\b(?:please|now|no|wait|robot|hey|oh|ok|okay|immediately|right away)\b/g;
const HALT = "(?:stop|halt|freeze|whoa|stand still)";
const STOP = `(?:${HALT}|stay|cancel|abort|dont move|do not move)`;
const WHAT =
  "(?: (?:it|that|this|everything|moving|walking|turning|driving|exploring|patrolling|exploration|patrol|there|right there|the robot|all))?";
const ONLY_STOP = new RegExp(`^(?:${STOP}${WHAT}\\s*)+$`);
const BEGINS_WITH_STOP = new RegExp(`^${STOP}\\b`);

/** Misspelt as well: people in an emergency are in a hurry. */
const EMERGENCY = "emerg[a-z]{2,}y";
const ESTOP = `(?:${EMERGENCY} ?(?:stop|halt|brake|shutdown|shut down|off)|e ?stop|kill ?switch)`;
const PRESS =
  "(?:(?:do|make|hit|press|push|pull|trigger|latch|activate|engage|use|perform|execute|initiate|set) )?(?:(?:a|an|the|your) )?";
const CRY = `(?:(?:its|it is|this is) )?(?:an )?${EMERGENCY}`;
const BEFORE_ESTOP = `(?:${HALT}|abort)`;
const ONLY_ESTOP = new RegExp(`^(?:(?:${PRESS}${ESTOP}(?: button)?|${BEFORE_ESTOP}|${CRY})${WHAT}\\s*)+$`);
const BEGINS_WITH_ESTOP = new RegExp(`^(?:${BEFORE_ESTOP}${WHAT} )*${PRESS}${ESTOP}\\b`);
const NAMES_EMERGENCY = new RegExp(`\\b(?:${ESTOP}|${EMERGENCY})\\b`);
const ENDED = "(?:status|state|reset|released?|over|clear(?:ed)?|off)";
/** About an emergency stop that was latched before. A message that may also be a cry for one is taken for that. */
const ABOUT_ESTOP = new RegExp(
  `${ESTOP}(?: button)? (?:(?:is|was) ${ENDED}\\b|${ENDED}$)|^(?:cancel|abort|end) (?:the|your) ${ESTOP}`,
);

/** Whether a message halts the robot, and whether it may move again after that. */
export function stopsRobot(text: string): StopKind | undefined {
  const words = text
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .replace(COURTESY, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (ABOUT_ESTOP.test(words)) return undefined;
  if (NAMES_EMERGENCY.test(words)) {
    if (ONLY_ESTOP.test(words)) return "emergency";
    if (BEGINS_WITH_ESTOP.test(words)) return "emergency-first";
  }
  if (ONLY_STOP.test(words)) return "only";
  return BEGINS_WITH_STOP.test(words) ? "first" : undefined;
}
