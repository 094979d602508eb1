import { expect, it } from "vitest";
import { run } from "../../test/run.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";

it.each([4, 1, 0])(
  "a latched value goes with its last publisher, wherever modules run: with %i workers (J4)",
  async (nWorkers) => {
    const late = Listener.blueprint().namespace("late", { expose: ["map"] });
    await using system = await run(autoconnect(StressTest.blueprint(), Counter.blueprint(), Listener.blueprint()), {
      nWorkers,
    });
    const emit = (cell: number) => system.call("Counter", "emitMap", [[cell]]);
    const latest = (instance: string) => system.call(instance, "latestMap", []);
    await emit(1);
    await system.loadBlueprint(late);
    await expect.poll(() => latest("late/Listener")).toEqual({ cells: [1] });

    await system.unloadModule("Counter");
    await system.unloadModule("late/Listener");
    await system.loadBlueprint(late);
    expect([await latest("late/Listener"), await latest("Listener")]).toEqual([undefined, { cells: [1] }]);

    await system.unloadModule("late/Listener");
    await system.unloadModule("Listener");
    await system.loadBlueprint(Counter.blueprint());
    await emit(2);
    await system.unloadModule("Counter");
    await system.loadBlueprint(autoconnect(Counter.blueprint(), Listener.blueprint()));
    expect(await latest("Listener")).toBeUndefined();
    await emit(3);
    await expect.poll(() => latest("Listener")).toEqual({ cells: [3] });
  },
);
