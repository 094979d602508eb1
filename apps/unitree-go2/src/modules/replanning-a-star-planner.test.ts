import { testModule } from "@dimos/core/testing";
import { type Odometry, type PoseStamped, quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { afterEach, expect, test, vi } from "vitest";
import { mapOf } from "../../test/grid-drawing.ts";
import type { GoalOptions } from "../planning/navigation.ts";
import { ReplanningAStarPlanner } from "./replanning-a-star-planner.ts";

afterEach(() => void vi.useRealTimers());

const ORIGIN = { position: { x: 0, y: 0, z: 0 }, orientation: quaternionFromYaw(0) };

const IN_MAP_FRAME =
  'header.frameId is "map", expected "odom"; transform the message into that frame, or call its frame so if it is the same';

function odometry(x: number, y: number): Odometry {
  return {
    header: { stamp: timeFromSeconds(0), frameId: "odom" },
    childFrameId: "base_link",
    pose: { pose: { position: { x, y, z: 0.3 }, orientation: quaternionFromYaw(0) } },
    twist: { twist: { linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } } },
  };
}

/** A planner on an empty floor of 10 m by 10 m, with a robot at (5, 5) that odometry sees but that never moves. */
async function planning({
  withMap = true,
  config = {},
  refs = {},
  validate = true,
  isOccupied = (_x: number): boolean => false,
} = {}) {
  const planner = await testModule(ReplanningAStarPlanner, { config, refs, validate });
  await planner.start();
  const see = () => {
    const { info, data } = mapOf(10, 10, 0.1, isOccupied);
    const stamp = timeFromSeconds(0);
    const message = { header: { stamp, frameId: "odom" }, info: { ...info, mapLoadTime: stamp, origin: ORIGIN } };
    return planner.publish("globalCostmap", { ...message, data: Int8Array.from(data) });
  };
  /** Time with odometry at 10 Hz, and a new map every second. */
  const live = async (seconds: number, { odom = true, map = withMap } = {}) => {
    for (let i = 0; i < Math.round(seconds * 10); i++) {
      if (map && i % 10 === 0) await see();
      if (odom) await planner.publish("odom", odometry(5, 5));
      await planner.clock.advance(100);
    }
  };
  const lastCommand = () => planner.published("navCmdVel").at(-1);
  await live(0.2);
  return { planner, live, lastCommand, [Symbol.asyncDispose]: () => planner.stop() };
}

const STANDSTILL = { linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } };
const poseAt = (x: number, y: number, frameId: string) => ({
  header: { stamp: timeFromSeconds(0), frameId },
  pose: { position: { x, y, z: 0 }, orientation: quaternionFromYaw(0) },
});

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

test("takes goals from its streams, but only in its own frame", async () => {
  await using stage = await planning();
  const { planner } = stage;
  await planner.publish("goalRequest", poseAt(1, 1, "map"));
  expect(planner.logged.at(-1)).toBe(
    `warn: ReplanningAStarPlanner leaves out a message on /goalRequest: ${IN_MAP_FRAME}`,
  );
  await stage.live(0.2);
  expect((await planner.module.getState()).status).toBe("idle");
  await planner.publish("clickedPoint", poseAt(7, 5, "odom"));
  await stage.live(0.2);
  expect((await planner.module.getState()).goal).toEqual({ x: 7, y: 5, yaw: 0 });
  await planner.publish("stopMovement", { data: true });
  await stage.live(0.5);
  expect(planner.published("navigationResult")).toMatchObject([{ status: "blocked" }, { status: "cancelled" }]);
});

test("a goal that is refused is answered, and the one under way goes on (K1)", async () => {
  await using stage = await planning({ validate: false });
  const { planner } = stage;
  const refused = async (port: "goalRequest" | "clickedPoint", message: object) => {
    const before = planner.published("navigationResult").length;
    await planner.publish(port, message as PoseStamped);
    return planner.published("navigationResult").slice(before);
  };
  const header = { stamp: timeFromSeconds(0), frameId: "odom" };
  const position = { x: 8, y: 5, z: 0 };
  const turned = (z: number, w: number) => ({ header, pose: { position, orientation: { x: 0, y: 0, z, w } } });
  const why = (fault: string) => `The goal was refused, and the robot does not move for it: ${fault}.`;
  const answer = (fault: string) => [
    { goal: { x: 8, y: 5 }, status: "blocked", moved: 0, distanceLeft: Number.NaN, error: why(fault) },
  ];
  expect(await refused("goalRequest", turned(1, 1))).toMatchObject(
    answer("pose.orientation (x 0, y 0, z 1, w 1) has length 1.4142, expected 1; normalise it, identity is w = 1"),
  );
  expect(await refused("clickedPoint", turned(0, 0))).toMatchObject(
    answer("pose.orientation (x 0, y 0, z 0, w 0) has length 0, expected 1; give a rotation, identity is w = 1"),
  );
  expect(await refused("goalRequest", poseAt(8, 5, "map"))).toMatchObject(answer(IN_MAP_FRAME));
  expect(await refused("goalRequest", {})).toMatchObject([
    { status: "blocked", goal: { x: Number.NaN, y: Number.NaN } },
  ]);
  expect(planner.published("goalReached")).toEqual(Array(4).fill({ data: false }));
  await stage.live(0.5);
  expect(planner.published("navCmdVel")).toEqual([]);
  const ids = planner.published("navigationResult").map(({ goalId }) => goalId);
  const goalId = await planner.module.setGoal({ x: 8, y: 5 });
  expect(new Set([...ids, goalId]).size).toBe(5);
  await refused("goalRequest", turned(1, 1));
  await stage.live(0.5);
  expect(stage.lastCommand()?.linear.x).toBeGreaterThan(0.3);
  expect(await planner.module.getState()).toMatchObject({ goalId, status: "following" });
  expect(planner.published("goalReached")).toHaveLength(4);
  await planner.publish("goalRequest", turned(1.0005 * Math.SQRT1_2, 1.0005 * Math.SQRT1_2) as PoseStamped);
  await stage.live(0.2);
  expect((await planner.module.getState()).goal?.yaw).toBeCloseTo(Math.PI / 2, 9);
});

test.each([
  ["map", "base_link", IN_MAP_FRAME],
  ["robot1/odom", "robot1/base_link", /^header.frameId is "robot1\/odom", expected "odom"/],
  ["odom", "camera_link", /^childFrameId is "camera_link", expected "base_link"/],
])("never steers on odometry of %s in which %s is, and says why (K1)", async (frameId, childFrameId, fault) => {
  const told = expect.stringMatching(fault instanceof RegExp ? fault.source.slice(1) : "header.frameId is");
  const elsewhere = (): Odometry => {
    const here = odometry(5, 5);
    return { ...here, header: { ...here.header, frameId }, childFrameId };
  };
  await using stage = await planning();
  const { planner } = stage;
  await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  for (let i = 0; i < 45; i++) {
    await planner.publish("odom", elsewhere());
    await stage.live(0.1, { odom: false, map: i % 10 === 0 });
  }
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  expect(planner.published("navigationResult")).toMatchObject([{ status: "blocked", error: told }]);
  expect(planner.published("navigationResult")[0]?.error).toMatch(/^The odometry could not be used for 3 s: /);
  expect(planner.module.odom.refused).toBe(45);

  await using blind = await testModule(ReplanningAStarPlanner);
  await blind.start();
  await blind.module.setGoal({ x: 1, y: 0 });
  for (let i = 0; i < 35; i++) {
    await blind.publish("odom", elsewhere());
    await blind.clock.advance(100);
  }
  expect(blind.published("navigationResult")).toMatchObject([{ status: "blocked", error: told }]);
  expect(blind.published("navCmdVel")).toEqual([]);
});

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

const turnedOrigin = { position: ORIGIN.position, orientation: quaternionFromYaw(Math.PI / 6) };
test.each<[string, { frameId?: string; origin?: typeof ORIGIN; resolution?: number }, string | RegExp]>([
  ["in another frame", { frameId: "map" }, `The map could not be used for 3 s: ${IN_MAP_FRAME}.`],
  [
    "that is turned",
    { origin: turnedOrigin },
    /^The map could not be used for 3 s: info.origin.orientation is a turn by 30.0 degrees/,
  ],
  [
    "of cells of a micrometre",
    { resolution: 1e-6 },
    /^The map could not be used for 3 s: a map of 100 x 100 cells of 0.000001 m/,
  ],
])("drives on no map %s, and says why (K1)", async (_what, change, error) => {
  const { frameId = "odom", ...spoilt } = change;
  for (const maplessRange of [0, 5]) {
    await using stage = await planning({ withMap: false, config: { maplessRange } });
    const { planner } = stage;
    const { info, data } = mapOf(10, 10, 0.1, () => false);
    const stamp = timeFromSeconds(0);
    const see = () =>
      planner.publish("globalCostmap", {
        header: { stamp, frameId },
        info: { ...info, mapLoadTime: stamp, origin: ORIGIN, ...spoilt },
        data: Int8Array.from(data),
      });
    await see();
    await planner.module.setGoal({ x: 8, y: 5 });
    for (let i = 0; i < 4; i++) {
      await see();
      await stage.live(1);
    }
    expect(planner.published("navigationResult")).toMatchObject([
      { status: "blocked", error: typeof error === "string" ? error : expect.stringMatching(error) },
    ]);
    expect(planner.published("navCmdVel").every(({ linear }) => linear.x === 0)).toBe(true);
  }
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

test("never steers on odometry that is not finite", async () => {
  await using stage = await planning({ validate: false });
  const { planner } = stage;
  await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(0.5);
  for (let i = 0; i < 45; i++) {
    await planner.publish("odom", odometry(Number.NaN, 5));
    await stage.live(0.1, { odom: false });
  }
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  expect(planner.published("navigationResult")).toMatchObject([{ status: "blocked" }]);
  expect(planner.logged.filter((line) => line.includes("ReplanningAStarPlanner leaves out"))).toEqual([
    "warn: ReplanningAStarPlanner leaves out a message on /odom: pose.pose.position.x is NaN",
  ]);
});

test("drives to no goal, and plans on no map, that is not finite (K1)", async () => {
  await using stage = await planning({ validate: false });
  const { planner } = stage;
  await planner.publish("goalRequest", poseAt(8, Number.NaN, "odom"));
  await planner.publish("clickedPoint", {
    header: { stamp: timeFromSeconds(0), frameId: "odom" },
    pose: { position: { x: 8, y: 5, z: 0 }, orientation: { x: 0, y: 0, z: Number.NaN, w: 1 } },
  });
  await stage.live(0.5);
  expect(planner.published("navCmdVel")).toEqual([]);
  await planner.module.setGoal({ x: 8, y: 5 });
  const { info, data } = mapOf(10, 10, 0.1, () => false);
  const stamp = timeFromSeconds(0);
  const header = { stamp, frameId: "odom" };
  for (let i = 0; i < 40; i++) {
    const spoilt = { ...info, mapLoadTime: stamp, origin: ORIGIN, resolution: Number.NaN };
    await planner.publish("globalCostmap", { header, info: spoilt, data: Int8Array.from(data) });
    await stage.live(0.1, { map: false });
  }
  expect(planner.published("navigationResult")).toMatchObject([
    { goal: { x: 8, y: Number.NaN }, error: expect.stringContaining("pose.position.y is NaN") },
    { error: expect.stringContaining("pose.orientation.z is NaN") },
    { status: "blocked", error: "The map could not be used for 3 s: info.resolution is NaN." },
  ]);
  expect(stage.lastCommand()).toEqual(STANDSTILL);
  const said = planner.logged.filter((line) => line.includes("leaves out"));
  expect(said.map((line) => line.split("leaves out a message on ")[1])).toEqual([
    "/goalRequest: pose.position.y is NaN",
    "/clickedPoint: pose.orientation.z is NaN",
    "/globalCostmap: info.resolution is NaN",
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

test("gives the goal up when the map is not renewed for three seconds", async () => {
  await using stage = await planning();
  const { planner } = stage;
  await planner.module.setGoal({ x: 8, y: 5 });
  await stage.live(4, { map: false });
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
