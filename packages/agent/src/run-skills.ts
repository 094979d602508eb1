import { type EstopReport, type ModuleRun, type RunCallOptions, type SkillTool, skillTools } from "@dimos/core";

/** What the robot can do: every skill of every module of the run. */
export interface RunSkills {
  /** As of now: modules come and go. */
  list(): Promise<readonly SkillTool[]>;
  call(skill: SkillTool, input: unknown, options: RunCallOptions): Promise<unknown>;
  /** Latches the emergency stop of the run. */
  estop(reason: string): Promise<EstopReport>;
}

export function skillsOf(run: ModuleRun): RunSkills {
  return {
    list: async () => {
      const modules = await run.listModules();
      const running = new Set(modules.filter(({ state }) => state === "running").map(({ instance }) => instance));
      return skillTools(modules).filter(({ instance }) => running.has(instance));
    },
    call: ({ instance, skill }, input, options) => run.call(instance, skill.name, [input], options),
    estop: (reason) => run.estop(reason),
  };
}

/** `robot0/UnitreeSkills.relativeMove`, as `dimos skill call` takes it. */
export function qualifiedName({ instance, skill }: SkillTool): string {
  return `${instance}.${skill.name}`;
}

/** `robot0` of `robot0/UnitreeSkills`; empty without a namespace. */
export function namespaceOf(instance: string): string {
  return instance.split("/").slice(0, -1).join("/");
}
