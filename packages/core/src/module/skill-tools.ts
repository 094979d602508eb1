import type { ModuleStatus } from "../report/module-status.ts";
import type { SkillDescription } from "./description.ts";
import { qualifiedToolName, toolNames } from "./tool-names.ts";

/** A skill of a module of the run, with the name it is offered to agents by. */
export interface SkillTool {
  /** Unique in the run: letters, digits, `_` and `-`, at most 64 of them. */
  readonly tool: string;
  /** Instance name of the module. */
  readonly instance: string;
  readonly skill: SkillDescription;
}

/**
 * Every skill of every module as a tool, named by `toolNames`, in the order of the modules. To offer some of them, name
 * all and choose then: a name must not mean another skill because a module is down.
 *
 * @param reserved names that no skill may take
 */
export function skillTools(
  modules: readonly Pick<ModuleStatus, "instance" | "description">[],
  reserved: ReadonlySet<string> = new Set(),
): SkillTool[] {
  const places = modules.flatMap(({ instance, description }) =>
    description.skills.map((skill) => ({ instance, skill: skill.name, description: skill })),
  );
  const names = new Map([...toolNames(places, reserved)].map(([tool, place]) => [place, tool]));
  return places.map((place) => ({
    tool: names.get(place) as string,
    instance: place.instance,
    skill: place.description,
  }));
}

/** The way back: the skill that a tool's name means. The name with the instance before it holds for every skill. */
export function findSkillTool(tools: readonly SkillTool[], name: string): SkillTool | undefined {
  return (
    tools.find(({ tool }) => tool === name) ??
    tools.find(({ instance, skill }) => qualifiedToolName({ instance, skill: skill.name }) === name)
  );
}
