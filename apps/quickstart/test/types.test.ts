import type { Dimos } from "@dimos/porcelain";
import { expectTypeOf, test } from "vitest";

// Never run: the compiler is what is tested. `src/dimos-env.d.ts` brings the robot's types.
async function typed(app: Dimos) {
  const result = await app.skills.relativeMove({ forward: 2 }, { timeoutMs: 60_000, onProgress: console.log });
  expectTypeOf(result.status).toExtend<string>();
  expectTypeOf(result.status).not.toBeAny();
  expectTypeOf(result.moved).toEqualTypeOf<number>();
  expectTypeOf(app.skills.relativeMove).parameter(0).not.toBeAny();
  expectTypeOf(app.UnitreeSkills.relativeMove({})).toEqualTypeOf(app.skills.relativeMove({}));
  expectTypeOf(app.getModule("UnitreeSkills")).toEqualTypeOf(app.UnitreeSkills);
  expectTypeOf(app.modules.UnitreeSkills).toEqualTypeOf(app.UnitreeSkills);
  expectTypeOf(await app.ReplanningAStarPlanner._planner._safeGoalClearance).toEqualTypeOf<number>();

  // @ts-expect-error the distance is a number
  app.skills.relativeMove({ forward: "2" });
  // @ts-expect-error there is no such argument
  app.skills.relativeMove({ forwards: 2 });
  // @ts-expect-error there is no such option
  app.skills.relativeMove({ forward: 2 }, { timeout: 60 });
  // @ts-expect-error there is no such skill
  app.skills.relativMove({ forward: 2 });
  // @ts-expect-error the same by module
  app.UnitreeSkills.relativeMove({ forward: "2" });
  // @ts-expect-error there is no such module
  app.UnitreeSkill;
  // @ts-expect-error nor by name
  app.getModule("UnitreeSkill");
  // @ts-expect-error there is no such property
  app.ReplanningAStarPlanner._planner._safeGoal;
  // @ts-expect-error the life of a module is the coordinator's
  app.UnitreeSkills.stop();
}

test("J3 a wrong skill, argument, module or property is a compile error", () => {
  expectTypeOf(typed).toBeFunction();
});
