import { Module, skill } from "@dimos/core";
import { Odometry } from "@dimos/msgs";
import { Dimos } from "@dimos/porcelain";
import { encode, type Remote } from "@dimos/rpc";
import { UnitreeSkills, unitreeGo2Agentic } from "@dimos/unitree-go2";
import { z } from "zod";

export class Odometer extends Module({
  source: import.meta.url,
  inputs: { odom: Odometry },
  refs: { go2: UnitreeSkills },
}) {
  walk = skill({ description: "Walks.", input: z.object({ metres: z.number() }) }, ({ metres }) =>
    this.go2.relativeMove({ forward: metres }),
  );
}

export async function walk(app: Dimos): Promise<number> {
  await app.run([unitreeGo2Agentic, Odometer]);
  const { moved } = await app.skills.relativeMove({ forward: 2 });
  const clearance: number = await app.ReplanningAStarPlanner._planner._safeGoalClearance;
  const result: { moved: number } = await app.getModule(Odometer).walk({ metres: 1 });
  const handle: Remote<{ level: number }> | undefined = undefined;
  // @ts-expect-error the distance is a number
  await app.skills.relativeMove({ forward: "2" });
  // @ts-expect-error there is no such skill
  await app.skills.relativMove({ forward: 2 });
  // @ts-expect-error there is no such module
  await app.UnitreeSkill.relativeMove({ forward: 2 });
  return moved + clearance + result.moved + encode(handle).byteLength;
}

export const app = new Dimos({ nWorkers: 2 });
