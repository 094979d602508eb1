import { afterEach, expect, test, vi } from "vitest";
import { planning, poseAt, STANDSTILL } from "../../test/planning-stage.ts";
import type { GoalOptions } from "../planning/navigation.ts";

afterEach(() => void vi.useRealTimers());

test("commands velocities and tells its state ten times a second, and its path once", async () => {
  await using stage = await planning();
  const { planner } = stage;
  const before = planner.published("navigationState").length;
  expect(planner.published("navCmdVel")).toEqual([]);
  const goalId = await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(1);
  expect(planner.published("navCmdVel")).toHaveLength(10);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
  expect(planner.published("navigationState")).toHaveLength(before + 10);
  expect(planner.published("navigationState").at(-1)).toMatchObject({ status: "following", goalId });
  expect(planner.published("path")).toHaveLength(1);
  expect(planner.published("path")[0]?.header.frameId).toBe("odom");
  expect(await planner.module.getState()).toMatchObject({ status: "following", goalId });
});

test("halts the robot at once when a goal is cancelled, and then tells the result", async () => {
  await using stage = await planning();
  const { planner } = stage;
  const goalId = await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  expect(await planner.module.cancelGoal(goalId + 1)).toBe(false);
  expect(await planner.module.cancelGoal(goalId)).toBe(true);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  await stage.live(0.5);
  expect(planner.published("navigationResult")).toMatchObject([{ goalId, status: "cancelled", moved: 0 }]);
  expect(planner.published("goalReached")).toEqual([{ data: false }]);
  expect(await planner.module.isGoalReached()).toBe(false);
  expect(await planner.module.cancelGoal()).toBe(false);
});

test("cancels its goal for good when something between it and the legs is lost, and begins another session", async () => {
  await using stage = await planning();
  const { planner } = stage;
  const sessions = () => planner.published("navigationState").map(({ session }) => session);
  const goalId = await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  const before = sessions().at(-1);
  planner.module.navCmdVel.losePath({ instance: "MovementManager", reason: "its worker was ended by SIGKILL" });
  await planner.clock.advance(0);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  expect(new Set(sessions().slice(0, -1))).toEqual(new Set([before]));
  expect(sessions().at(-1)).not.toBe(before);
  await stage.live(1);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  const error =
    "MovementManager, which the robot is driven through, was lost: its worker was ended by SIGKILL. The robot stops; ask again.";
  expect(planner.published("navigationResult")).toMatchObject([{ goalId, status: "cancelled", error }]);
  expect(planner.logged.filter((line) => line.includes(error))).toHaveLength(1);
  await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
});

test("a long hold ends the goal for good, and a short one does not (K5a)", async () => {
  await using stage = await planning();
  const { planner } = stage;
  const goalId = await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  const ended = { phase: "ended", reason: "the coordinator did not answer" } as const;
  await planner.hold({ ...ended, heldMs: 500, isCancelled: false });
  await stage.live(0.5);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
  await planner.hold({ ...ended, heldMs: 2300, isCancelled: true });
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  await stage.live(1);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  expect(planner.published("navigationResult")).toMatchObject([
    { goalId, status: "cancelled", error: expect.stringContaining("held for 2.3 s, the coordinator did not answer") },
  ]);
});

test("the goals and the session of a planner are not those of one that was killed", async () => {
  await using first = await planning();
  await using second = await planning();
  const sessionOf = ({ planner }: typeof first) => planner.published("navigationState").at(-1)?.session;
  expect(sessionOf(first)).not.toBe(sessionOf(second));
  const [one, other] = [
    await first.planner.module.setGoal({ x: 8, y: 5 }),
    await second.planner.module.setGoal({ x: 8, y: 5 }),
  ];
  expect(one).not.toBe(other);
});

test("gives a kept goal up when five periods pass without a word, however fast its own clock runs", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  await using stage = await planning();
  const { planner } = stage;
  const goalId = await planner.module.setGoal({ x: 8, y: 5 });
  expect(await planner.module.keepGoal(goalId + 1)).toBe(false);
  vi.advanceTimersByTime(10_000);
  expect(await planner.module.keepGoal(goalId)).toBe(true);
  await stage.live(3);
  vi.advanceTimersByTime(1200);
  expect(await planner.module.keepGoal(goalId)).toBe(true);
  vi.advanceTimersByTime(1200);
  await stage.live(0.5);
  expect(stage.lastCommand()).not.toEqual(STANDSTILL);
  vi.advanceTimersByTime(300);
  await stage.live(1);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  expect(planner.published("navigationResult")).toMatchObject([{ goalId, status: "cancelled" }]);
  expect(planner.logged.filter((line) => line.includes("has said nothing more"))).toHaveLength(1);
});

test("an emergency stop ends the goal under way for good: the robot stands at once and does not go on after the reset (I5)", async () => {
  await using stage = await planning();
  const { planner } = stage;
  const goalId = await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
  await planner.estop("test");
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  await stage.live(0.5);
  expect(planner.published("navigationResult")).toMatchObject([{ goalId, status: "cancelled" }]);
  await planner.estop();
  const { length } = planner.published("navCmdVel");
  await stage.live(1);
  expect(planner.published("navCmdVel").slice(length)).toEqual([]);
  expect(await planner.module.getState()).toMatchObject({ status: "idle" });
});

test("a planner that is stopped on the way halts the robot, and one that drives nowhere says nothing to it", async () => {
  const stage = await planning();
  await stage.planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
  await stage.planner.stop();
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  const idle = await planning();
  await idle.planner.stop();
  expect(idle.planner.published("navCmdVel")).toEqual([]);
});

test("drives to nothing that was asked for during an emergency stop, not even after its reset (I5)", async () => {
  await using stage = await planning();
  const { planner } = stage;
  await planner.estop("test");
  await planner.publish("goalRequest", poseAt(8, 5, "odom"));
  await planner.publish("clickedPoint", poseAt(8, 5, "odom"));
  expect(planner.logged.filter((line) => line.includes("emergency stop is latched"))).toHaveLength(2);
  const error = "The goal was refused, and the robot does not move for it: the emergency stop is latched.";
  expect(planner.published("navigationResult")).toMatchObject([
    { status: "blocked", error },
    { status: "blocked", error },
  ]);
  await planner.estop();
  await stage.live(0.5);
  expect(planner.published("navCmdVel")).toEqual([]);
  await planner.publish("goalRequest", poseAt(8, 5, "odom"));
  await stage.live(0.5);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
});

test("reaches the goal at which the robot stands", async () => {
  await using stage = await planning();
  await stage.planner.module.setGoal({ x: 5, y: 5, yaw: 0 });
  await stage.live(1);
  expect(stage.planner.published("goalReached")).toEqual([{ data: true }]);
  expect(await stage.planner.module.isGoalReached()).toBe(true);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
});

test.each([
  [{ x: Number.NaN, y: 0 }, {}],
  [{ x: 1, y: Number.POSITIVE_INFINITY }, {}],
  [{ x: 1 }, {}],
  [undefined, {}],
  [{ x: 1, y: 1 }, { timeoutS: Number.NaN }],
  [{ x: 1, y: 1 }, { timeout: 5 }],
  [{ x: 1, y: 1, yawn: 1 }, {}],
])("refuses the goal %o with %o", async (goal, options) => {
  await using stage = await planning();
  await expect(stage.planner.module.setGoal(goal as never, options as GoalOptions)).rejects.toMatchObject({
    code: "BAD_GOAL",
    message: expect.stringMatching(/^This is not a goal to drive to:/),
  });
  await stage.live(0.5);
  expect(stage.planner.published("navCmdVel")).toEqual([]);
});

test("does not move without a map, and says why", async () => {
  await using stage = await planning({ withMap: false });
  const { planner } = stage;
  await planner.module.setGoal({ x: 5.5, y: 5 });
  await stage.live(6);
  expect(planner.published("navigationResult")).toMatchObject([
    { status: "blocked", moved: 0, error: expect.stringMatching(/^No map has come/) },
  ]);
  expect(planner.published("navCmdVel").every(({ linear }) => linear.x === 0)).toBe(true);
});

test("drives blindly to near goals only when told so", async () => {
  await using stage = await planning({ withMap: false, config: { maplessRange: 2 } });
  await stage.planner.module.setGoal({ x: 6, y: 5 });
  await stage.live(0.5);
  expect((await stage.planner.module.getState()).status).toBe("straight");
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
});

test("changes the clearance that goals keep", async () => {
  await using stage = await planning();
  const { module } = stage.planner;
  await module.setSafeGoalClearance(0.5);
  expect(module._planner._safeGoalClearance).toBe(0.5);
  await expect(module.setSafeGoalClearance(Number.NaN)).rejects.toThrow(/makes no sense/);
  await module.resetSafeGoalClearance();
  expect(module._planner._safeGoalClearance).toBe(0.3);
});

test("keeps as far from obstacles as the body asks for that the robot says it has", async () => {
  const isOccupied = (x: number) => x > 6;
  const endOfPath = async (refs: { robot?: { bodySize(): Promise<{ length: number; width: number }> } }) => {
    await using stage = await planning({ isOccupied, refs });
    await stage.planner.module.setGoal({ x: 5.5, y: 5 });
    await stage.live(0.2);
    return stage.planner.published("path").at(-1)?.poses.at(-1)?.pose.position.x;
  };
  expect(await endOfPath({})).toBeCloseTo(5.5);
  expect(await endOfPath({ robot: { bodySize: async () => ({ length: 1, width: 1 }) } })).toBeLessThan(5.4);
  await expect(endOfPath({ robot: { bodySize: async () => ({ length: 1, width: 0 }) } })).rejects.toMatchObject({
    code: "BAD_BODY",
  });
});
