const COURTESY = /\b(?:please|now|no|wait|robot|hey|oh|ok|okay|immediately|right away)\b/g;
const STOP = "(?:emergency stop|stop|halt|freeze|whoa|stand still|stay|cancel|abort|dont move|do not move)";
const WHAT =
  "(?: (?:it|that|this|everything|moving|walking|turning|driving|exploring|patrolling|exploration|patrol|there|right there|the robot|all))?";
const ONLY_STOP = new RegExp(`^(?:${STOP}${WHAT}\\s*)+$`);
const BEGINS_WITH_STOP = new RegExp(`^${STOP}\\b`);

/** Whether a message halts the robot: `only` when that is all it says, `first` when more follows. */
export function stopsRobot(text: string): "only" | "first" | undefined {
  const words = text
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .replace(COURTESY, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (ONLY_STOP.test(words)) return "only";
  return BEGINS_WITH_STOP.test(words) ? "first" : undefined;
}
