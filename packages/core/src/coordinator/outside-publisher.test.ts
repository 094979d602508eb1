import { expect, it } from "vitest";
import { Motor } from "../../test/moving.ts";
import { run } from "../../test/run.ts";
import { SlowStart } from "../../test/slow-start.ts";

it("a first message that waits for a load is given up with its signal", async () => {
  await using on = await run(Motor.blueprint(), { nWorkers: 1 });
  const load = new AbortController();
  const starting = Promise.withResolvers<void>();
  const loading = on.loadBlueprint(SlowStart.blueprint(), {
    signal: load.signal,
    onProgress: ({ phase }) => phase === "build" && starting.resolve(),
  });
  loading.catch(() => {});
  await starting.promise;
  const abort = new AbortController();
  const given = on.publish("push", { by: 1 }, { signal: abort.signal });
  abort.abort(new Error("changed my mind"));
  await expect(given).rejects.toThrow("changed my mind");
  load.abort();
  await expect(loading).rejects.toThrow(/aborted/);
  // It went nowhere later on.
  expect(await on.publish("push", { by: 2 })).toMatchObject({ receivers: ["Motor.push"] });
  await expect.poll(() => on.call("Motor", "state", [])).toMatchObject({ pushes: 1 });
});
