import { testModule } from "@dimos/core/testing";
import { quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { expect, test } from "vitest";
import { RightOfWay } from "./right-of-way.ts";

const velocity = (x: number) => ({ linear: { x, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } });

const odometry = (speed: number, { robot = "robot0", yaw = 0 } = {}) => ({
  header: { stamp: timeFromSeconds(0), frameId: `${robot}/odom` },
  childFrameId: `${robot}/base_link`,
  pose: { pose: { position: { x: 1, y: 2, z: 0.3 }, orientation: quaternionFromYaw(yaw) } },
  twist: { twist: velocity(speed) },
});

test("a robot of which no odometry comes stands, says so once, and goes on with the next", async () => {
  await using way = await testModule(RightOfWay, { instanceName: "robot0/RightOfWay" });
  await way.start();
  const passed = async () => {
    await way.publish("plannedCmdVel", velocity(0.5));
    return way.published("navCmdVel").at(-1)?.linear.x;
  };
  expect(await passed()).toBe(0);
  await way.publish("odom", odometry(0.5));
  expect(await passed()).toBe(0.5);
  await way.clock.advance(400);
  expect(await passed()).toBe(0.5);
  await way.clock.advance(200);
  expect([await passed(), await passed()]).toEqual([0, 0]);
  await way.publish("odom", odometry(0));
  expect(await passed()).toBe(0.5);
  const line = "warn: robot0 stands: no odometry comes, so nobody knows whether another robot goes first";
  expect(way.logged).toEqual([line, line]);
});

test("tells the others where the robot is for as long as odometry comes, or they would wait for it for ever", async () => {
  await using way = await testModule(RightOfWay, { instanceName: "robot0/RightOfWay" });
  const unsubscribe = way.module.fleetPoses.subscribe(() => {});
  await way.start();
  await way.publish("odom", odometry(0.5));
  await way.clock.advance(3000);
  expect(way.published("fleetPoses").length).toBeGreaterThan(0);
  expect(way.published("fleetPoses").length).toBeLessThanOrEqual(5);
  unsubscribe();
});

test("halts the robot while another one goes first, and not half a second later when its last velocity has run out", async () => {
  await using way = await testModule(RightOfWay, { instanceName: "robot1/RightOfWay" });
  await way.start();
  await way.publish("odom", odometry(0.5, { robot: "robot1" }));
  await way.publish("plannedCmdVel", velocity(0.5));
  await way.publish("fleetPoses", { robot: "robot0", x: 2.5, y: 2, yaw: Math.PI, vx: -0.5, vy: 0 });
  await way.publish("plannedCmdVel", velocity(0.5));
  expect(way.published("navCmdVel").map(({ linear }) => linear.x)).toEqual([0.5, 0]);
  expect(await way.module.state()).toEqual({ waitsFor: "robot0", waits: 1 });
});

test("halts the robot at a velocity of NaN, and passes on none that is older than half a second (K1)", async () => {
  await using way = await testModule(RightOfWay, { instanceName: "robot0/RightOfWay", validate: false });
  await way.start();
  await way.publish("odom", odometry(0.5));
  await way.publish("plannedCmdVel", velocity(0.5));
  await way.publish("plannedCmdVel", velocity(Number.NaN));
  const nowMs = Number(process.hrtime.bigint() / 1_000_000n);
  way.module.plannedCmdVel.push(velocity(0.4), nowMs - 60_000);
  await way.clock.advance(0);
  expect(way.published("navCmdVel").map(({ linear }) => linear.x)).toEqual([0.5, 0]);
});

test("tells the others which way the robot walks in the frame that they share, not in its own", async () => {
  await using way = await testModule(RightOfWay, { instanceName: "robot0/RightOfWay" });
  const unsubscribe = way.module.fleetPoses.subscribe(() => {});
  await way.start();
  await way.publish("odom", odometry(0.5, { yaw: Math.PI / 2 }));
  await way.clock.advance(100);
  expect(way.published("fleetPoses")).toMatchObject([{ vx: expect.closeTo(0, 9), vy: expect.closeTo(0.5, 9) }]);
  unsubscribe();
});
