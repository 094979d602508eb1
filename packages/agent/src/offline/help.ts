import type { SkillTool } from "@dimos/core";
import { DEFAULT_ANGLE_DEG, DEFAULT_DISTANCE_M } from "./movement-rules.ts";
import { propertiesOf } from "./plan.ts";
import { LABEL } from "./sentences.ts";

/** What can be said, and the skill that it takes. */
export const EXAMPLES: readonly { readonly say: string; readonly skill: string }[] = [
  { say: "walk forward 2 meters", skill: "relativeMove" },
  { say: "go back half a meter", skill: "relativeMove" },
  { say: "turn left 90 degrees", skill: "relativeMove" },
  { say: "turn around", skill: "relativeMove" },
  { say: "go to x 3 y 2", skill: "navigateTo" },
  { say: "go to the kitchen", skill: "navigateTo" },
  { say: "remember this as the kitchen", skill: "tagLocation" },
  { say: "explore", skill: "beginExploration" },
  { say: "patrol", skill: "startPatrol" },
  { say: "take a picture", skill: "observe" },
  { say: "how full is the battery", skill: "batteryStateOfCharge" },
  { say: "what time is it", skill: "currentTime" },
  { say: "wait 3 seconds", skill: "wait" },
];

/** Examples that work here. */
export function examplesFor(tools: readonly SkillTool[]): string[] {
  const places = tools.some((tool) => tool.skill.name === "navigateTo" && "place" in propertiesOf(tool));
  return EXAMPLES.filter(({ say, skill }) => {
    if (say === "go to the kitchen" && !places) return false;
    return tools.some((tool) => tool.skill.name === skill);
  }).map(({ say }) => say);
}

export function helpText(tools: readonly SkillTool[]): string {
  const examples = [...examplesFor(tools), "stop"].map((say) => `"${say}"`).join(", ");
  const names = [...new Set(tools.map(({ tool }) => tool))].join(", ");
  return (
    `I am an ${LABEL}: I understand fixed forms of words, not language. You can say ${examples}, ` +
    `and several of these joined by "and", "then" or commas. Without a distance I walk ${DEFAULT_DISTANCE_M} m, without an angle I turn ${DEFAULT_ANGLE_DEG}°. ` +
    `Any skill can be called: "call <skill> key=value". Skills: ${names || "none"}.`
  );
}
