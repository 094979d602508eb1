import { testModule } from "@dimos/core/testing";
import { type Odometry, type PoseStamped, quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { expect, test } from "vitest";
import { mapOf } from "../../test/grid-drawing.ts";
import { ORIGIN, odometry, planning, poseAt, STANDSTILL } from "../../test/planning-stage.ts";
import { ReplanningAStarPlanner } from "./replanning-a-star-planner.ts";

const IN_MAP_FRAME =
  'header.frameId is "map", expected "odom"; transform the message into that frame, or call its frame so if it is the same';

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
