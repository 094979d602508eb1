import { testModule } from "@dimos/core/testing";
import { quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { expect, test } from "vitest";
import { RightOfWay } from "./right-of-way.ts";

const velocity = (x: number) => ({ linear: { x, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } });

const odometry = (speed: number) => ({
  header: { stamp: timeFromSeconds(0), frameId: "robot0/odom" },
  childFrameId: "robot0/base_link",
  pose: { pose: { position: { x: 1, y: 2, z: 0.3 }, orientation: quaternionFromYaw(0) } },
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
