import { testModule } from "@dimos/core/testing";
import { type OccupancyGrid, quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { expect, test } from "vitest";
import { FakePlanner, odometryAt, resultOf } from "../../test/fake-planner.ts";
import { mapOf } from "../../test/grid-drawing.ts";
import { PlaceBook } from "../places/place-book.ts";
import { Patrolling } from "./patrolling.ts";

async function patrolling(tagged: readonly string[] = []) {
  const planner = new FakePlanner();
  const book = new PlaceBook();
  book.offer([["kitchen", { x: 9, y: 0, yaw: 0 }]]);
  for (const [i, name] of tagged.entries()) await book.tag(name, { x: i, y: 0, yaw: 0 });
  const places = { findPlaces: async (names?: string[]) => names?.map((name) => book.find(name)) ?? book.list() };
  const tested = await testModule(Patrolling, { refs: { planner, places } });
  await tested.start();
  await odometryAt(tested as never, 1);
  const end = async (...args: Parameters<typeof resultOf> extends [unknown, ...infer Rest] ? Rest : never) => {
    await resultOf(tested as never, ...args);
    await tested.clock.advance(0);
  };
  return { tested, planner, module: tested.module, end, [Symbol.asyncDispose]: () => tested.stop() };
}

test("goes round the tagged places, as often as it is asked to, and reports what it missed", async () => {
  await using stage = await patrolling(["a", "b"]);
  expect(await stage.module.startPatrol({ rounds: 2 })).toEqual({ status: "patrolling", points: ["a", "b"] });
  await stage.tested.clock.advance(0);
  expect(await stage.module.patrolStatus()).toMatchObject({ status: "patrolling", next: "a", points: 2 });
  await stage.end(1, "reached");
  await stage.end(2, "blocked", "No way leads to the goal.");
  await stage.end(3, "reached");
  await stage.end(4, "reached");
  expect(stage.planner.goals.map(({ goal }) => goal.x)).toEqual([0, 1, 0, 1]);
  expect(await stage.module.patrolStatus()).toEqual({
    ...{ status: "complete", rounds: 2, points: 2, reached: 3, missed: 1, detail: "Did 2 rounds." },
  });
  expect(stage.tested.published("patrolState").at(-1)).toMatchObject({ status: "complete" });
});

test("takes the places it is given, and refuses one that is unknown", async () => {
  await using stage = await patrolling(["a", "b"]);
  await expect(stage.module.startPatrol({ places: ["kitchn"] })).rejects.toThrow(/Did you mean "kitchen"/);
  expect(await stage.module.startPatrol({ places: ["kitchen", "a"] })).toMatchObject({ points: ["kitchen", "a"] });
});

test("covers the known floor when there are no places, and says so when there is none", async () => {
  await using stage = await patrolling();
  await expect(stage.module.startPatrol()).rejects.toMatchObject({ code: "NOTHING_TO_PATROL" });
  const { info, data } = mapOf(8, 8, 0.1, () => false);
  const origin = { position: { x: 0, y: -4, z: 0 }, orientation: quaternionFromYaw(0) };
  const stamp = timeFromSeconds(0);
  const costmap = { header: { stamp, frameId: "odom" }, info: { ...info, mapLoadTime: stamp, origin }, data };
  await stage.tested.publish("globalCostmap", costmap as OccupancyGrid);
  const { points } = await stage.module.startPatrol();
  expect(points.length).toBeGreaterThan(4);
});

test("says why the map cannot be patrolled, when it is one that is turned (K1)", async () => {
  await using stage = await patrolling();
  const { info, data } = mapOf(8, 8, 0.1, () => false);
  const origin = { position: { x: 0, y: -4, z: 0 }, orientation: quaternionFromYaw(Math.PI / 2) };
  const stamp = timeFromSeconds(0);
  const costmap = { header: { stamp, frameId: "odom" }, info: { ...info, mapLoadTime: stamp, origin }, data };
  await stage.tested.publish("globalCostmap", costmap as OccupancyGrid);
  await expect(stage.module.startPatrol()).rejects.toMatchObject({
    code: "NOTHING_TO_PATROL",
    message: expect.stringMatching(/the map could not be used: info.origin.orientation is a turn by 90.0 degrees/),
  });
});

test("stopPatrol takes the goal back, and reports once the robot stands", async () => {
  await using stage = await patrolling(["a", "b"]);
  await stage.module.startPatrol();
  await stage.tested.clock.advance(0);
  const stop = stage.module.stopPatrol();
  await stage.tested.clock.advance(0);
  expect(stage.planner.cancelled).toEqual([1]);
  await stage.end(1, "cancelled", "The goal was cancelled.");
  expect(await stop).toMatchObject({ wasPatrolling: true, status: "stopped", detail: "The patrol was ended." });
  expect(await stage.module.stopPatrol()).toMatchObject({ wasPatrolling: false });
});

test("ends when something else takes the robot over, and when nothing of a round can be reached", async () => {
  await using stage = await patrolling(["a", "b"]);
  await stage.module.startPatrol();
  await stage.tested.clock.advance(0);
  await stage.end(1, "cancelled", "A new goal took the place of this one.");
  expect(await stage.module.patrolStatus()).toMatchObject({ status: "interrupted" });
  await stage.module.startPatrol();
  await stage.tested.clock.advance(0);
  await stage.end(2, "blocked", "No way leads to the goal.");
  await stage.end(3, "timeout", "Not there after 180 s.");
  expect(await stage.module.patrolStatus()).toMatchObject({ status: "failed", missed: 2 });
});

test("goes to no other point when something between the planner and the legs was lost meanwhile", async () => {
  await using stage = await patrolling(["a", "b"]);
  const tell = (session: number) =>
    stage.tested.publish("navigationState", { status: "idle", distanceLeft: 0, detail: "No goal.", session });
  await tell(1);
  await stage.module.startPatrol({ pauseSeconds: 60 });
  await stage.tested.clock.advance(0);
  await stage.end(1, "reached");
  await tell(2);
  await stage.tested.clock.advance(0);
  expect(await stage.module.patrolStatus()).toMatchObject({
    status: "interrupted",
    reached: 1,
    detail: expect.stringMatching(/^The planner, or something that it drives through or by, was lost\./),
  });
  await stage.module.startPatrol();
  await stage.tested.clock.advance(0);
  await tell(3);
  expect(stage.planner.cancelled).toEqual([2]);
  await stage.end(2, "cancelled", "Go2Connection was lost.");
  expect(await stage.module.patrolStatus()).toMatchObject({
    status: "interrupted",
    detail: "The patrol was interrupted. Go2Connection was lost.",
  });
  expect(stage.planner.goals).toHaveLength(2);
});
