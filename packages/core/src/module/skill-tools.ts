import type { ModuleStatus } from "../report/module-status.ts";
import type { SkillDescription } from "./description.ts";
import { toolNames } from "./tool-names.ts";

/** A skill of a module of the run, with the name it is offered to agents by. */
export interface SkillTool {
  /** Unique in the run: letters, digits, `_` and `-`, at most 64 of them. */
  readonly tool: string;
  /** Instance name of the module. */
  readonly instance: string;
  readonly skill: SkillDescription;
}

/** Every skill of every module as a tool, named by `toolNames`, in the order of the modules. */
export function skillTools(modules: readonly Pick<ModuleStatus, "instance" | "description">[]): SkillTool[] {
  const places = modules.flatMap(({ instance, description }) =>
    description.skills.map((skill) => ({ instance, skill: skill.name, description: skill })),
  );
  const names = new Map([...toolNames(places, new Set())].map(([tool, place]) => [place, tool]));
  return places.map((place) => ({
    tool: names.get(place) as string,
    instance: place.instance,
    skill: place.description,
  }));
}
