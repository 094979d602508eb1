import { testModule } from "@dimos/core/testing";
import { timeFromSeconds } from "@dimos/msgs";
import { expect, test } from "vitest";
import { mapOf } from "../../test/grid-drawing.ts";
import { ORIGIN, planning, STANDSTILL } from "../../test/planning-stage.ts";
import { ReplanningAStarPlanner } from "./replanning-a-star-planner.ts";

test("a goal that is cancelled before any odometry has come ends at once", async () => {
  await using blind = await testModule(ReplanningAStarPlanner);
  await blind.start();
  const first = await blind.module.setGoal({ x: 1, y: 0 });
  const second = await blind.module.setGoal({ x: 2, y: 0 });
  await blind.module.cancelGoal();
  await blind.clock.advance(100);
  expect(blind.published("navigationResult")).toMatchObject([
    { goalId: first, status: "cancelled" },
    { goalId: second, status: "cancelled" },
  ]);
});

test("does not steer on old odometry, and gives the goal up after three seconds without any", async () => {
  await using stage = await planning();
  const { planner } = stage;
  await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  await stage.live(1, { odom: false });
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  expect(planner.published("navigationResult")).toEqual([]);
  await stage.live(3, { odom: false });
  expect(planner.published("navigationResult")).toMatchObject([
    { status: "blocked", error: "The robot has not said where it is for 3 s. Is Go2Connection running?" },
  ]);
});

test.each([{ map: false }, { odom: false }])(
  "waits, and stands, after a silence from before the goal, %o: whoever was silent has just been restarted",
  async (silence) => {
    await using stage = await planning();
    const { planner } = stage;
    await stage.live(10, silence);
    await planner.module.setGoal({ x: 8, y: 5 });
    await stage.live(2, silence);
    expect(planner.published("navCmdVel")).toEqual([]);
    expect(planner.published("navigationResult")).toEqual([]);
    await stage.live(1);
    expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
    await planner.module.cancelGoal();
    await stage.live(1);
    await stage.live(10, silence);
    await planner.module.setGoal({ x: 8, y: 5 });
    await stage.live(3.5, silence);
    expect(stage.lastCommand()).toEqual(STANDSTILL);
    expect(planner.published("navigationResult")).toMatchObject([{ status: "cancelled" }, { status: "blocked" }]);
  },
);

test("gives the goal up when the map is not renewed for three seconds, and does not call it reached", async () => {
  await using stage = await planning();
  const { planner } = stage;
  await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(4, { map: false });
  expect(await planner.module.isGoalReached()).toBe(false);
  expect(planner.published("goalReached")).toEqual([{ data: false }]);
  expect(planner.published("navigationResult")).toMatchObject([
    {
      status: "blocked",
      error: expect.stringMatching(/^The map has not been renewed for 3 s: the lidar sees nothing/),
    },
  ]);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
});

test("stands, and says so, as soon as the map is 1.5 s old, goes on with a new one, and ends a goal meanwhile", async () => {
  await using stage = await planning();
  const { planner } = stage;
  await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  await stage.live(1.7, { map: false });
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  expect(planner.published("navigationResult")).toEqual([]);
  expect(planner.published("navigationState").at(-1)).toMatchObject({
    status: "following",
    detail: expect.stringMatching(/^The robot stands: the map has not been renewed for 1\.5 s/),
  });
  await stage.live(0.5);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
  expect(planner.published("navigationState").at(-1)?.detail).toMatch(/^Following the path/);
  await stage.live(2, { map: false });
  await planner.module.cancelGoal();
  await stage.live(0.3, { map: false });
  expect(planner.published("navigationResult")).toMatchObject([{ status: "cancelled" }]);
});

test("takes no map that was published longer ago than it may be old: a latched stream tells it again", async () => {
  await using stage = await planning({ withMap: false });
  const { info, data } = mapOf(10, 10, 0.1, () => false);
  const header = { stamp: timeFromSeconds(0), frameId: "odom" };
  const map = { header, info: { ...info, mapLoadTime: header.stamp, origin: ORIGIN }, data: Int8Array.from(data) };
  const hostMs = Number(process.hrtime.bigint() / 1_000_000n);
  // As a topic hands on what it keeps: with the time at which that was published.
  stage.planner.module.globalCostmap.push(map, hostMs - 60_000);
  await stage.planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(1);
  expect(stage.planner.published("navigationState").at(-1)?.status).toBe("waiting-for-map");
  stage.planner.module.globalCostmap.push(map, hostMs);
  await stage.live(0.5);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
});
