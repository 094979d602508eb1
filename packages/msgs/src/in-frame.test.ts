import { testModule } from "@dimos/core/testing";
import { expect, test } from "vitest";
import { Driver } from "../test/readme-checks.ts";
import type { OccupancyGrid } from "./occupancy-grid.ts";
import type { Odometry } from "./odometry.ts";
import type { PoseStamped } from "./pose-stamped.ts";
import { quaternionFromYaw } from "./yaw.ts";

const stamp = { sec: 0, nsec: 0 };
const zero = { x: 0, y: 0, z: 0 };
const poseTurned = (yaw: number) => ({ position: zero, orientation: quaternionFromYaw(yaw) });
const odometry = (frameId: string, childFrameId: string): Odometry => ({
  header: { stamp, frameId },
  childFrameId,
  pose: { pose: poseTurned(1) },
  twist: { twist: { linear: zero, angular: zero } },
});
const grid = (frameId: string, yaw: number): OccupancyGrid => ({
  header: { stamp, frameId },
  info: { mapLoadTime: stamp, resolution: 0.1, width: 1, height: 1, origin: poseTurned(yaw) },
  data: Int8Array.of(0),
});

test("an input takes messages in the frame of its module only, with the namespace of that (K1)", async () => {
  await using driver = await testModule(Driver, { instanceName: "robot0/Driver" });
  await driver.start();
  const { odom, costmap, goal } = driver.module;
  for (const [frameId, childFrameId] of [
    ["odom", "base_link"],
    ["robot1/odom", "robot1/base_link"],
    ["", "robot0/base_link"],
    ["robot0/odom", "robot1/base_link"],
  ] as const) {
    await driver.publish("odom", odometry(frameId, childFrameId));
  }
  expect({ refused: odom.refused, latest: odom.latest() }).toEqual({ refused: 4, latest: undefined });
  expect(odom.fault).toBe(
    'childFrameId is "robot1/base_link", expected "robot0/base_link"; connect the odometry of this body, or transform it to it',
  );
  await driver.publish("odom", odometry("robot0/odom", "robot0/base_link"));
  expect({ refused: odom.refused, fault: odom.fault }).toEqual({ refused: 4, fault: undefined });
  expect(odom.latest()).toBeDefined();
  expect(driver.logged).toEqual([
    'warn: robot0/Driver leaves out a message on /odom: header.frameId is "odom", expected "robot0/odom"; transform the message into that frame, or call its frame so if it is the same',
  ]);
  await driver.publish("costmap", grid("map", 0));
  await driver.publish("goal", { header: { stamp, frameId: "map" }, pose: poseTurned(0) });
  await driver.publish("goal", { header: { stamp, frameId: "" }, pose: poseTurned(0) });
  expect([costmap.refused, goal.refused, goal.latest()?.header.frameId]).toEqual([1, 1, ""]);
});

test("a grid whose origin is turned is left out where its rows have to lie along x (K1)", async () => {
  await using driver = await testModule(Driver);
  await driver.start();
  for (const yaw of [0.0015, -0.0015]) await driver.publish("costmap", grid("odom", yaw));
  expect(driver.module.costmap.refused).toBe(0);
  await driver.publish("costmap", grid("odom", Math.PI / 6));
  expect(driver.logged).toEqual([
    'warn: Driver leaves out a message on /costmap: info.origin.orientation is a turn by 30.0 degrees, expected none; publish the grid with its rows along the x axis of "odom"',
  ]);
  await driver.publish("costmap", grid("odom", -Math.PI));
  expect(driver.module.costmap.fault).toContain("is a turn by 180.0 degrees");
});

test("a message without a header, and a check that fails, reach nobody and disturb no publisher", async () => {
  await using driver = await testModule(Driver, { validate: false });
  await driver.start();
  await driver.publish("goal", {} as PoseStamped);
  expect(driver.module.goal.fault).toMatch(/^a check of the port failed: Cannot read properties of undefined/);
});
