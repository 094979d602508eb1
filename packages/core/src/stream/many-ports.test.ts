import { expect, it } from "vitest";
import { FiftyIn, FiftyOut, FiveIn, FiveOut } from "../../test/many-ports.ts";
import { run } from "../../test/run.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { Blueprint } from "../index.ts";

const ROUNDS = 7;

it("starts a module with 50 remote streams about as fast as one with 5", async () => {
  await using system = await run(autoconnect(FiveOut.blueprint(), FiftyOut.blueprint()), { nWorkers: 3 });
  const load = async (instance: string, blueprint: Blueprint): Promise<number> => {
    const startMs = performance.now();
    await system.loadBlueprint(blueprint);
    const tookMs = performance.now() - startMs;
    await system.unloadModule(instance);
    return tookMs;
  };
  await load("FiveIn", FiveIn.blueprint());
  await load("FiftyIn", FiftyIn.blueprint());
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const fiveMs = await load("FiveIn", FiveIn.blueprint());
    ratios.push((await load("FiftyIn", FiftyIn.blueprint())) / fiveMs);
  }
  const median = ratios.sort((a, b) => a - b)[ROUNDS >> 1];
  expect(median).toBeLessThan(3);
});
