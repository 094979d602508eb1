import { expect, test } from "vitest";
import type { ModuleDescription } from "./description.ts";
import { skillTools } from "./skill-tools.ts";

function module(instance: string, ...names: readonly string[]) {
  const skills = names.map((name) => ({ name, description: "", input: {}, uses: [], lifecycle: "instant" }));
  return { instance, description: { skills } as unknown as ModuleDescription };
}

test("skills are tools in the order of their modules; one that several have goes by module and name (A7)", () => {
  const tools = skillTools([module("robot1/Arm", "wave", "grip"), module("robot0/Arm", "grip")]);
  expect(tools.map(({ tool, instance, skill }) => [tool, instance, skill.name])).toEqual([
    ["wave", "robot1/Arm", "wave"],
    ["robot1_Arm_grip", "robot1/Arm", "grip"],
    ["robot0_Arm_grip", "robot0/Arm", "grip"],
  ]);
});
