import type { ModuleState, ModuleStatus, SkillDescription, SkillPlace } from "@dimos/core";
import type { Tool } from "@modelcontextprotocol/server";

/** One skill of one running instance. */
export interface OfferedSkill extends SkillPlace {
  readonly description: SkillDescription;
}

/** A module that is not up yet, or for good down, offers nothing; one that restarts does: calls wait for it. */
const OFFERING: ReadonlySet<ModuleState> = new Set<ModuleState>(["running", "restarting", "crashed"]);

/** What can be called now. */
export function offeredSkills(modules: readonly ModuleStatus[]): readonly OfferedSkill[] {
  return modules
    .filter(({ state }) => OFFERING.has(state))
    .flatMap(({ instance, description }) =>
      description.skills.map((skill) => ({ instance, skill: skill.name, description: skill })),
    );
}

/** A skill as a tool. What it uses and whether it goes on in the background stands in the text, for models, and in `_meta`. */
export function skillTool(name: string, { instance, skill, description }: OfferedSkill): Tool {
  const { uses, lifecycle, input } = description;
  return {
    name,
    title: skill,
    description: [description.description, ...remarks(uses, lifecycle)].join(" "),
    inputSchema: { ...input, type: "object" } as Tool["inputSchema"],
    // What holds a capability changes the world; of all others nothing is known.
    annotations: { title: skill, ...(uses.length === 0 ? {} : { readOnlyHint: false, destructiveHint: true }) },
    _meta: { "dimos/module": instance, "dimos/skill": skill, "dimos/uses": uses, "dimos/lifecycle": lifecycle },
  };
}

function remarks(uses: readonly string[], lifecycle: SkillDescription["lifecycle"]): string[] {
  return [
    ...(uses.length === 0 ? [] : [`Uses: ${uses.join(", ")} (one caller at a time).`]),
    ...(lifecycle === "background" ? ["Answers at once and goes on in the background."] : []),
  ];
}
