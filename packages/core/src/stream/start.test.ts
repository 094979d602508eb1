import { describe, expect, it } from "vitest";
import { run } from "../../test/run.ts";
import { Herald, Listener } from "../../test/streams.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";

describe.each([1, 0])("A load with nWorkers %i", (nWorkers) => {
  it("brings what a module publishes in start() to the modules that start beside it", async () => {
    for (const blueprint of [
      autoconnect(Herald.blueprint(), Listener.blueprint()),
      autoconnect(Listener.blueprint(), Herald.blueprint()),
    ]) {
      await using system = await run(blueprint, { nWorkers });
      await expect.poll(() => system.call("Listener", "values", [])).toEqual([1, 2, 3, 4, 5]);
    }
  });
});
