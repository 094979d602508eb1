import { expect, it } from "vitest";
import { Careful, Lenient, Strict } from "../../test/framed.ts";
import { Motor } from "../../test/moving.ts";
import { run } from "../../test/run.ts";
import { SlowStart } from "../../test/slow-start.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";

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

it("the publisher hears what is wrong with a message, and which module leaves it out", async () => {
  await using alone = await run(autoconnect(Strict.blueprint(), Careful.blueprint()).namespace("robot0"), {
    nWorkers: 0,
  });
  const publish = (x: number, frame: string) => alone.publish("robot0/spot", { x, frame });
  await expect(publish(-1, "robot0/odom")).rejects.toMatchObject({
    code: "INVALID_INPUT",
    message: "Invalid test/Spot published on /robot0/spot: x is -1; give a positive one",
  });
  await expect(publish(1, "odom")).rejects.toMatchObject({
    code: "INVALID_INPUT",
    message:
      "Invalid test/Spot published on /robot0/spot: robot0/Strict.spot, robot0/Careful.spot leave it out: not robot0/odom",
  });
  const receipt = await publish(1, "robot0/odom");
  expect(receipt).toMatchObject({ receivers: ["robot0/Strict.spot", "robot0/Careful.spot"] });
  expect(receipt).not.toHaveProperty("refused");
  await expect
    .poll(() => alone.call("robot0/Strict", "spots", []))
    .toEqual({ latest: { x: 1, frame: "robot0/odom" }, refused: 0 });
});

it("a message that one of two modules leaves out reaches the other, and the receipt says so", async () => {
  await using both = await run(autoconnect(Strict.blueprint(), Lenient.blueprint()), { nWorkers: 0 });
  expect(await both.publish("spot", { x: 1, frame: "map" })).toMatchObject({
    receivers: ["Lenient.spot"],
    refused: [{ port: "Strict.spot", fault: "not odom" }],
  });
  await expect.poll(() => both.call("Lenient", "spots", [])).toMatchObject({ latest: { frame: "map" }, refused: 0 });
  await expect.poll(() => both.call("Strict", "spots", [])).toEqual({ latest: undefined, refused: 1 });
  const { workers } = await both.metrics();
  const inputs = workers.flatMap(({ metrics }) => metrics?.ports ?? []).filter(({ port }) => port === "spot");
  expect(inputs.map(({ instance, dropped, fault }) => [instance, dropped.invalid, fault])).toEqual([
    ["Strict", 1, "not odom"],
    ["Lenient", 0, undefined],
  ]);
});
