import { testModule } from "@dimos/core/testing";
import { Guard } from "./readme.ts";

export async function guardFoldsTheArm() {
  const folded: boolean[] = [];
  await using guard = await testModule(Guard, {
    config: { stopAt: 1 },
    refs: { arm: { fold: async () => folded.push(true) > 0 } },
  });
  await guard.start();
  await guard.publish("range", { range: 0.8 });
  return (await guard.module.isBlocked()) && folded.length === 1;
}
