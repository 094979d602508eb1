import { testModule } from "@dimos/core/testing";
import { type OccupancyGrid, quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { afterEach, expect, test, vi } from "vitest";
import { odometryAt, odometryOf } from "../../test/fake-planner.ts";
import { drawnMap } from "../../test/grid-drawing.ts";
import type { NavigationResult } from "./navigation-messages.ts";
import { WavefrontFrontierExplorer } from "./wavefront-frontier-explorer.ts";

afterEach(() => void vi.useRealTimers());

const stamp = timeFromSeconds(0);

/** Half a metre a cell, with the robot at (1.25, 0) in the lowest row but two. */
function costmap(...rows: string[]): OccupancyGrid {
  const { info, data } = drawnMap(["##########", ...rows, "##########"], 0.5);
  const origin = { position: { x: 0, y: -1.25, z: 0 }, orientation: quaternionFromYaw(0) };
  return {
    header: { stamp, frameId: "odom" },
    info: { ...info, mapLoadTime: stamp, origin },
    data: data as Int8Array<ArrayBuffer>,
  };
}
const open = costmap("#......???", "#......???", "#......???");
const closed = costmap("#......###", "#......###", "#......###");

async function explorer() {
  const kept: number[] = [];
  const planner = { keepGoal: async (goalId: number) => kept.push(goalId) > 0 };
  const tested = await testModule(WavefrontFrontierExplorer, { refs: { planner } });
  await tested.start();
  await odometryAt(tested as never, 1.25);
  const end = (status: NavigationResult["status"], error?: string) => {
    const position = tested.published("goalRequest").at(-1)?.pose.position;
    return tested.publish("navigationResult", {
      ...{ goalId: 1, goal: { x: position?.x ?? 0, y: position?.y ?? 0 }, status, moved: 1, distanceLeft: 0 },
      ...{ pose: { x: 0, y: 0, yaw: 0 }, ...(error === undefined ? {} : { error }) },
    });
  };
  const idle = { status: "idle", distanceLeft: 0, detail: "No goal." } as const;
  const driveTo = (goal: { x: number; y: number } | undefined, session = 1) => {
    const following = { status: "following", goal, goalId: 7 } as const;
    return tested.publish("navigationState", { ...idle, ...(goal === undefined ? {} : following), session });
  };
  return { tested, module: tested.module, planner, kept, end, driveTo, [Symbol.asyncDispose]: () => tested.stop() };
}

test("has not seen all floor when the map shows none where the robot is: it has failed, and says so", async () => {
  await using stage = await explorer();
  await stage.module.beginExploration();
  for (let i = 0; i < 3; i++)
    await stage.tested.publish("globalCostmap", costmap("#????...##", "#????...##", "#????...##"));
  expect(await stage.module.explorationStatus()).toMatchObject({
    status: "failed",
    detail: expect.stringMatching(/^The map shows no floor where the robot is/),
  });
});

test("sends the robot to a frontier, and is complete when the map has no more of them", async () => {
  await using stage = await explorer();
  const { tested, module } = stage;
  expect(await module.explorationStatus()).toMatchObject({ status: "idle" });
  expect(await module.beginExploration()).toEqual({ status: "exploring", maxMinutes: 30 });
  await tested.publish("globalCostmap", open);
  expect(tested.published("goalRequest")).toMatchObject([
    { header: { frameId: "odom" }, pose: { position: { x: 3.25, y: 0 } } },
  ]);
  expect(await module.explorationStatus()).toMatchObject({
    status: "exploring",
    frontiers: 1,
    goal: { x: 3.25, y: 0 },
  });
  await odometryAt(tested as never, 2.75);
  await stage.end("reached");
  for (let i = 0; i < 3; i++) await tested.publish("globalCostmap", closed);
  expect(await module.explorationStatus()).toMatchObject({
    status: "complete",
    area: 18 * 0.25,
    fraction: 1,
    distance: 1.5,
    detail: "No frontier is left: all floor that can be reached has been seen.",
  });
  expect(tested.published("explorationState").at(-1)).toMatchObject({ status: "complete" });
});

test("gives a frontier up that cannot be reached, and says so", async () => {
  await using stage = await explorer();
  await stage.module.beginExploration();
  await stage.tested.publish("globalCostmap", open);
  for (let attempt = 0; attempt < 2; attempt++) await stage.end("blocked", "No way leads to the goal.");
  for (let i = 0; i < 2; i++) await stage.tested.publish("globalCostmap", open);
  expect(stage.tested.published("goalRequest")).toHaveLength(2);
  expect(await stage.module.explorationStatus()).toMatchObject({
    status: "complete",
    unreachable: 1,
    detail: "No other frontier is left; 1 could not be reached.",
  });
});

test("endExploration takes the goal back, and reports when the robot stands", async () => {
  await using stage = await explorer();
  await stage.module.beginExploration();
  await stage.tested.publish("globalCostmap", open);
  const report = stage.module.endExploration();
  await stage.tested.clock.advance(0);
  expect(stage.tested.published("stopMovement")).toEqual([{ data: true }]);
  await stage.end("cancelled", "The goal was cancelled.");
  expect(await report).toMatchObject({ wasExploring: true, status: "stopped", detail: "The exploration was ended." });
  expect(await stage.module.endExploration()).toMatchObject({ wasExploring: false });
});

test("ends when something else takes the robot over", async () => {
  await using stage = await explorer();
  await stage.module.beginExploration();
  await stage.tested.publish("globalCostmap", open);
  await stage.end("cancelled", "A new goal took the place of this one.");
  expect(await stage.module.explorationStatus()).toMatchObject({
    status: "interrupted",
    detail: "Something else took over: A new goal took the place of this one.",
  });
});

test("sends no other goal when something between the planner and the legs was lost, and tells what", async () => {
  await using stage = await explorer();
  await stage.driveTo(undefined);
  await stage.module.beginExploration();
  await stage.tested.publish("globalCostmap", open);
  await stage.driveTo({ x: 3.25, y: 0 });
  await stage.driveTo({ x: 3.25, y: 0 }, 2);
  await stage.tested.publish("globalCostmap", closed);
  await stage.tested.publish("globalCostmap", open);
  await stage.end("cancelled", "MovementManager was lost.");
  await stage.tested.publish("globalCostmap", open);
  expect(stage.tested.published("goalRequest")).toHaveLength(1);
  expect(await stage.module.explorationStatus()).toMatchObject({
    status: "interrupted",
    detail: "MovementManager was lost.",
  });
});

test("ends when something was lost while it had sent no goal", async () => {
  await using stage = await explorer();
  await stage.driveTo(undefined);
  await stage.module.beginExploration();
  await stage.driveTo(undefined, 2);
  await stage.tested.publish("globalCostmap", open);
  expect(stage.tested.published("goalRequest")).toEqual([]);
  expect(await stage.module.explorationStatus()).toMatchObject({
    status: "interrupted",
    detail: expect.stringMatching(/^The planner, or something that it drives through or by, was lost\./),
  });
});

test("says again and again that it wants the goal it sent, and no other", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  await using stage = await explorer();
  await stage.module.beginExploration();
  await stage.tested.publish("globalCostmap", open);
  await stage.driveTo({ x: 9, y: 9 });
  vi.advanceTimersByTime(900);
  expect(stage.kept).toEqual([]);
  await stage.driveTo({ x: 3.25, y: 0 });
  vi.advanceTimersByTime(900);
  expect(stage.kept).toEqual([7, 7, 7]);
  await stage.end("cancelled");
  vi.advanceTimersByTime(900);
  expect(stage.kept).toEqual([7, 7, 7]);
});

test("ends when the planner's worker has ended, before there is another one that would take the next goal", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  await using stage = await explorer();
  await stage.module.beginExploration();
  await stage.tested.publish("globalCostmap", open);
  await stage.driveTo({ x: 3.25, y: 0 });
  stage.planner.keepGoal = () => Promise.reject(Object.assign(new Error("SIGKILL"), { code: "WORKER_EXITED" }));
  vi.advanceTimersByTime(300);
  await stage.tested.clock.advance(0);
  await stage.tested.clock.advance(2000);
  await stage.tested.publish("globalCostmap", closed);
  expect(await stage.module.explorationStatus()).toMatchObject({
    status: "interrupted",
    detail: "ReplanningAStarPlanner was lost: SIGKILL. The robot stops; ask again.",
  });
  expect(stage.tested.published("goalRequest")).toHaveLength(1);
});

test("fails when the planner was started anew and knows nothing of the goal", async () => {
  await using stage = await explorer();
  await stage.module.beginExploration();
  await stage.tested.publish("globalCostmap", open);
  await stage.driveTo({ x: 3.25, y: 0 });
  for (let i = 0; i < 14; i++) await stage.driveTo(undefined);
  expect(await stage.module.explorationStatus()).toMatchObject({ status: "exploring" });
  await stage.driveTo(undefined);
  await stage.end("cancelled");
  expect(await stage.module.explorationStatus()).toMatchObject({
    status: "failed",
    detail: expect.stringMatching(/^ReplanningAStarPlanner has lost the goal/),
  });
});

test("fails on a map that the robot is nowhere near, instead of growing it to the robot", async () => {
  await using stage = await explorer();
  await stage.module.beginExploration();
  await odometryAt(stage.tested as never, 1e9);
  await stage.tested.publish("globalCostmap", open);
  expect(await stage.module.explorationStatus()).toMatchObject({
    status: "failed",
    detail: expect.stringMatching(/too far to plan/),
  });
});

test("ends after the time it was given", async () => {
  await using stage = await explorer();
  await stage.module.beginExploration({ maxMinutes: 1 });
  await stage.tested.publish("globalCostmap", open);
  await stage.tested.clock.advance(61_000);
  await stage.tested.publish("globalCostmap", open);
  await stage.end("cancelled");
  expect(await stage.module.explorationStatus()).toMatchObject({ status: "timeout", detail: "Not done after 60 s." });
});

const turned = quaternionFromYaw(Math.PI / 6);
test.each([
  [
    "the map is turned",
    { ...open, info: { ...open.info, origin: { ...open.info.origin, orientation: turned } } },
    "base_link",
    /^The map could not be used for 5 s: info.origin.orientation is a turn by 30.0 degrees/,
  ],
  ["the odometry is of another body", open, "camera_link", /^The odometry could not be used for 5 s: childFrameId is/],
])("fails when %s, and says so instead of standing in silence (K1)", async (_what, map, childFrameId, detail) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await using stage = await explorer();
  await stage.module.beginExploration();
  for (let i = 0; i < 6; i++) {
    await stage.tested.publish("globalCostmap", map);
    await stage.tested.publish("odom", { ...odometryOf(1.25), childFrameId });
    await stage.driveTo(undefined);
    vi.advanceTimersByTime(1000);
  }
  await stage.end("cancelled");
  await stage.tested.clock.advance(2000);
  expect(await stage.module.explorationStatus()).toMatchObject({
    status: "failed",
    detail: expect.stringMatching(detail),
  });
});
