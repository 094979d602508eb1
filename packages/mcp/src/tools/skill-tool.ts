import type { ModuleState, SkillTool } from "@dimos/core";
import type { Tool } from "@modelcontextprotocol/server";

/** A module that is not up yet, or for good down, offers nothing; one that restarts does: calls wait for it. */
export const OFFERING: ReadonlySet<ModuleState> = new Set<ModuleState>(["running", "restarting", "crashed"]);

/** A skill as a tool. What it uses and whether it goes on in the background stands in the text, for models, and in `_meta`. */
export function protocolTool({ tool, instance, skill }: SkillTool): Tool {
  const { name, uses, lifecycle, input } = skill;
  return {
    name: tool,
    title: name,
    description: [skill.description, ...remarks(uses, lifecycle)].join(" "),
    inputSchema: input as Tool["inputSchema"],
    // What holds a capability changes the world; of all others nothing is known.
    annotations: { title: name, ...(uses.length === 0 ? {} : { readOnlyHint: false, destructiveHint: true }) },
    _meta: { "dimos/module": instance, "dimos/skill": name, "dimos/uses": uses, "dimos/lifecycle": lifecycle },
  };
}

function remarks(uses: readonly string[], lifecycle: SkillTool["skill"]["lifecycle"]): string[] {
  return [
    ...(uses.length === 0 ? [] : [`Uses: ${uses.join(", ")} (one caller at a time).`]),
    ...(lifecycle === "background" ? ["Answers at once and goes on in the background."] : []),
  ];
}
