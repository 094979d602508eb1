import { afterEach, expect, test, vi } from "vitest";
import { odometry, planning, poseAt, STANDSTILL } from "../../test/planning-stage.ts";

afterEach(() => void vi.restoreAllMocks());

const KILLED = "its worker was ended by SIGKILL";

test.each([
  { input: "globalCostmap", instance: "VoxelGridMapper", what: "the map comes from" },
  { input: "odom", instance: "Go2Connection", what: "tells where the robot is" },
] as const)("does not go on by itself when the source of $input is back, after it was lost", async (lost) => {
  await using stage = await planning();
  const { planner } = stage;
  const session = () => planner.published("navigationState").at(-1)?.session;
  const goalId = await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  const before = session();
  planner.module[lost.input].loseSource({ instance: lost.instance, reason: KILLED });
  await planner.clock.advance(0);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  await stage.live(1);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  const error = `${lost.instance}, which ${lost.what}, was lost: ${KILLED}. The robot stops; ask again.`;
  expect(planner.published("navigationResult")).toMatchObject([{ goalId, status: "cancelled", error }]);
  // Whoever sends one goal after the other sends no more.
  expect(session()).not.toBe(before);
  await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
});

test("a robot that stands for want of a map does not go on when its mapper is found to be stopped, and is back", async () => {
  await using stage = await planning();
  const { planner } = stage;
  await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  await stage.live(1.7, { map: false });
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  expect(planner.published("navigationResult")).toEqual([]);
  planner.module.globalCostmap.loseSource({ instance: "VoxelGridMapper", reason: "its process was stopped" });
  await stage.live(1);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  expect(planner.published("navigationResult")).toMatchObject([
    { status: "cancelled", error: expect.stringMatching(/^VoxelGridMapper, which the map comes from, was lost/) },
  ]);
});

test("drives to no goal of a sender that was lost, and on to that of another", async () => {
  await using stage = await planning();
  const { planner } = stage;
  const session = () => planner.published("navigationState").at(-1)?.session;
  const before = session();
  const lose = () => planner.module.goalRequest.loseSource({ instance: "WavefrontFrontierExplorer", reason: KILLED });
  const drives = async () => {
    await stage.live(0.5);
    return (stage.lastCommand()?.linear.x ?? 0) > 0.3;
  };
  await planner.publish("goalRequest", poseAt(8, 5, "odom"));
  expect(await drives()).toBe(true);
  lose();
  expect(await drives()).toBe(false);
  expect(planner.published("navigationResult")).toMatchObject([
    {
      status: "cancelled",
      error: expect.stringMatching(/^WavefrontFrontierExplorer, which the goal came from, was lost/),
    },
  ]);
  await planner.publish("clickedPoint", poseAt(8, 5, "odom"));
  expect(await drives()).toBe(true);
  lose();
  expect(await drives()).toBe(true);
  await planner.publish("goalRequest", poseAt(8, 5, "odom"));
  await planner.module.setGoal({ x: 8, y: 5 });
  lose();
  expect(await drives()).toBe(true);
  // The patrol of another module goes on as well.
  expect(session()).toBe(before);
});

test("tells of a loss once, when what drives the robot also tells where it is", async () => {
  await using stage = await planning();
  const { planner } = stage;
  const goalId = await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  const loss = { instance: "Go2Connection", reason: KILLED };
  planner.module.navCmdVel.losePath(loss);
  planner.module.odom.loseSource(loss);
  await stage.live(0.5);
  expect(planner.logged.filter((line) => line.includes("was lost"))).toHaveLength(1);
  expect(planner.published("navigationResult")).toMatchObject([
    { goalId, status: "cancelled", error: expect.stringMatching(/^Go2Connection, which the robot is driven through/) },
  ]);
});

test("sends no velocity right after it was stopped itself: what was lost meanwhile is heard first", async () => {
  await using stage = await planning();
  const { planner } = stage;
  await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  const { length } = planner.published("navCmdVel");
  const now = planner.clock.now.bind(planner.clock);
  vi.spyOn(planner.clock, "now").mockImplementation(() => now() + 600);
  await planner.publish("odom", odometry(5, 5));
  await planner.clock.advance(100);
  expect(planner.published("navCmdVel")).toHaveLength(length);
  // Nothing was, so it goes on.
  await stage.live(0.1);
  expect(planner.published("navCmdVel")).toHaveLength(length + 1);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
});
