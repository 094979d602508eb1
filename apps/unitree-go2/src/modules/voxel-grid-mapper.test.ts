import { testModule } from "@dimos/core/testing";
import { timeFromSeconds } from "@dimos/msgs";
import { expect, test } from "vitest";
import { bareWorld, block } from "../../test/bare-world.ts";
import { robotTransforms } from "../connection/robot-frames.ts";
import { Lidar } from "../sensors/lidar.ts";
import { LIDAR_MOUNT, mountedAt } from "../sensors/sensor-pose.ts";
import { VoxelGridMapper } from "./voxel-grid-mapper.ts";

const POSE = { x: 5, y: 5, yaw: 0.5 };

const transforms = (seconds: number, pose = POSE) =>
  robotTransforms({ ...pose, z: 0.3 }, seconds, (id) => `robot0/${id}`);

/** A mapper in a hall with one block at (7, 5), and a robot that stands in the middle. */
async function mapping(config: Record<string, unknown> = {}) {
  const lidar = new Lidar(bareWorld(block(7, 5, 0.4, 0.4)), { seed: 1 });
  const mapper = await testModule(VoxelGridMapper, { config, instanceName: "robot0/VoxelGridMapper" });
  await mapper.start();
  const scan = async (seconds: number) =>
    mapper.publish("lidar", {
      header: { stamp: timeFromSeconds(seconds), frameId: "robot0/lidar_link" },
      xyz: lidar.scan(mountedAt(POSE, 0.3, LIDAR_MOUNT)),
    });
  const look = async (seconds: number) => {
    await mapper.publish("tf", transforms(seconds));
    await scan(seconds);
    await mapper.clock.advance(100);
  };
  const costAt = (x: number, y: number) => {
    const grid = mapper.published("globalCostmap").at(-1);
    if (grid === undefined) return undefined;
    const { resolution, width, origin } = grid.info;
    const column = Math.floor((x - origin.position.x) / resolution);
    return grid.data[Math.floor((y - origin.position.y) / resolution) * width + column];
  };
  return { mapper, look, scan, costAt, [Symbol.asyncDispose]: () => mapper.stop() };
}

test("makes a costmap in the frame of the map: occupied, inflated, free and unknown", async () => {
  await using stage = await mapping();
  for (let i = 0; i < 10; i++) await stage.look(i / 10);
  expect(stage.mapper.published("globalCostmap").at(-1)?.header.frameId).toBe("robot0/odom");
  expect(stage.costAt(6.825, 5)).toBe(100);
  expect(stage.costAt(6.6, 5)).toBe(99);
  expect(stage.costAt(5, 7)).toBe(0);
  expect(stage.costAt(7, 5)).toBe(-1);
});

test("publishes at the rates of its settings, the first at once", async () => {
  await using stage = await mapping({ costmapHz: 5, pointsHz: 1 });
  for (let i = 0; i < 20; i++) await stage.look(i / 10);
  expect(stage.mapper.published("globalCostmap")).toHaveLength(10);
  expect(stage.mapper.published("globalMap")).toHaveLength(2);
});

test("has what stands there as points, none of them floor", async () => {
  await using stage = await mapping();
  for (let i = 0; i < 15; i++) await stage.look(i / 10);
  const xyz = stage.mapper.published("globalMap").at(-1)?.xyz ?? new Float32Array();
  expect(xyz.length).toBeGreaterThan(0);
  for (let i = 0; i < xyz.length; i += 3) {
    expect(Math.hypot((xyz[i] as number) - 7, (xyz[i + 1] as number) - 5)).toBeLessThan(0.4);
    expect(xyz[i + 2] as number).toBeGreaterThan(0.06);
  }
});

test("lets a scan wait for the transform of its time, and puts it where the lidar was then", async () => {
  await using stage = await mapping();
  await stage.mapper.publish("tf", transforms(0, { x: 1, y: 1, yaw: 0 }));
  await stage.scan(0.1);
  await stage.scan(0.2);
  expect(stage.mapper.published("globalCostmap")).toEqual([]);
  // In between the robot has come to where the scans were taken, at an even pace.
  await stage.mapper.publish("tf", transforms(0.2));
  await stage.mapper.clock.advance(400);
  await stage.mapper.publish("tf", transforms(0.3));
  await stage.scan(0.3);
  expect(stage.mapper.published("globalCostmap").map(({ header }) => header.stamp.nsec)).toEqual([1e8, 3e8]);
  expect(stage.costAt(5, 7)).toBe(0);
});

test("leaves out scans without a transform of their time, and warns when that goes on", async () => {
  await using stage = await mapping();
  for (let i = 0; i < 30; i++) await stage.scan(i / 10);
  expect(stage.mapper.published("globalCostmap")).toEqual([]);
  expect(stage.mapper.logged).toEqual([
    'warn: No transform from "robot0/lidar_link" to "robot0/odom" comes for the time of the lidar scans, so they are not mapped',
  ]);
  await stage.look(3);
  expect(stage.mapper.published("globalCostmap")).toHaveLength(1);
});

test("maps on when the clock of the robot is set back, and says so once (K2)", async () => {
  await using stage = await mapping();
  for (let i = 0; i < 20; i++) await stage.look(10_000 + i / 10);
  const { length } = stage.mapper.published("globalCostmap");
  for (let i = 0; i < 20; i++) await stage.look(6_400 + i / 10);
  expect(stage.mapper.published("globalCostmap").length).toBeGreaterThanOrEqual(length + 3);
  expect(stage.mapper.published("globalCostmap").at(-1)?.header.stamp.sec).toBeLessThan(6_402);
  expect(stage.mapper.logged).toEqual([
    expect.stringMatching(/^warn: The stamps of the transforms of .* have jumped back by 3601\.5 s: /),
  ]);
});

test("a scan with points that are not finite, by a robot that has turned, is mapped without them, and said once (K1)", async () => {
  await using stage = await mapping();
  const turned = { ...POSE, yaw: Math.PI / 4 };
  const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
  for (let i = 0; i < 5; i++) {
    await stage.mapper.publish("tf", transforms(i / 10, turned));
    await stage.mapper.publish("lidar", {
      header: { stamp: timeFromSeconds(i / 10), frameId: "robot0/lidar_link" },
      xyz: Float32Array.of(inf, 0, 0, 1, 0, -0.1, nan, nan, nan, 1, 0.05, -0.1, -inf, inf, 0),
    });
    await stage.mapper.clock.advance(400);
  }
  expect(stage.mapper.published("globalCostmap")).toHaveLength(5);
  const [x, y] = [5 + Math.SQRT1_2 * (LIDAR_MOUNT.forward + 1), 5 + Math.SQRT1_2 * (LIDAR_MOUNT.forward + 1)];
  expect(stage.costAt(x, y)).toBe(100);
  expect(stage.mapper.logged).toEqual([
    "warn: Points on /lidar are left out: the xyz of 3 of 5 in a scan is not finite",
  ]);
});

test("a transform that is not finite puts no scan anywhere", async () => {
  await using stage = await mapping();
  await stage.look(0);
  await stage.mapper.clock.advance(1000);
  const scans = stage.mapper.published("globalCostmap").length;
  const spoilt = (seconds: number) => {
    const { transforms: list } = transforms(seconds, { ...POSE, x: Number.POSITIVE_INFINITY });
    return { transforms: list };
  };
  // As from a program that does not check what it publishes.
  stage.mapper.module.tf.push(spoilt(1), Number.NaN);
  await stage.scan(1);
  expect(stage.mapper.published("globalCostmap")).toHaveLength(scans);
  expect(stage.mapper.logged).toEqual([
    "warn: robot0/VoxelGridMapper leaves out a message on /tf: transforms[0].transform.translation.x is Infinity",
  ]);
});

test("renews no map by scans that show nothing, says that the lidar is blind, and maps on when it sees again", async () => {
  await using stage = await mapping();
  for (let i = 0; i < 5; i++) await stage.look(i / 10);
  await stage.mapper.clock.advance(1000);
  const { length } = stage.mapper.published("globalCostmap");
  const blind = [[], [Number.NaN, 0, 0], [0, 0, 0], [Number.POSITIVE_INFINITY, 0, 0]];
  for (let i = 0; i < 40; i++) {
    await stage.mapper.publish("tf", transforms(2 + i / 10));
    await stage.mapper.publish("lidar", {
      header: { stamp: timeFromSeconds(2 + i / 10), frameId: "robot0/lidar_link" },
      xyz: Float32Array.from(blind[i % 4] as number[]),
    });
    await stage.mapper.clock.advance(100);
  }
  expect(stage.mapper.published("globalCostmap")).toHaveLength(length);
  expect(stage.mapper.logged).toEqual([
    "warn: The lidar sees nothing: scans come on /lidar, but without a single point. They are not mapped, and what drives by the map stops. Look whether the lidar is covered or broken.",
  ]);
  await stage.look(7);
  expect(stage.mapper.published("globalCostmap")).toHaveLength(length + 1);
});

test("says once a minute what lies beyond its largest size, what it forgets, and what to do", async () => {
  await using stage = await mapping({ maxSize: 20 });
  const scanAt = async (seconds: number, x: number) => {
    await stage.mapper.publish("tf", transforms(seconds, { x, y: 5, yaw: 0 }));
    const header = { stamp: timeFromSeconds(seconds), frameId: "robot0/lidar_link" };
    await stage.mapper.publish("lidar", { header, xyz: Float32Array.of(2, 0, 0, 100, 0, 0, -3, 0, 0) });
    await stage.mapper.clock.advance(1000);
  };
  for (let i = 0; i < 59; i++) await scanAt(i, 5 + i);
  expect(stage.mapper.logged).toEqual([
    "warn: 1 of 3 points of a scan lie beyond the largest map, 20 m by 20 m, and are left out. Raise maxSize of robot0/VoxelGridMapper, 200 m at most, to map them.",
    "warn: The map has its largest size, 20 m by 20 m. It follows the robot and forgets what lies farthest behind it. Raise maxSize of robot0/VoxelGridMapper, 200 m at most, to keep more.",
  ]);
  expect(stage.costAt(65, 5)).toBeGreaterThanOrEqual(0);
  for (let i = 59; i < 62; i++) await scanAt(i, 5 + i);
  expect(stage.mapper.logged).toHaveLength(3);
});

test("maps no scan that its transforms put where no robot is, and says so", async () => {
  await using stage = await mapping();
  for (let i = 0; i < 3; i++) {
    await stage.mapper.publish("tf", transforms(i, { ...POSE, x: 1e300 }));
    await stage.scan(i);
  }
  expect(stage.mapper.published("globalCostmap")).toEqual([]);
  expect(stage.mapper.logged).toEqual([
    expect.stringMatching(
      /^warn: Scans are not mapped: the transforms put the lidar at \(1e\+300, .* 100 km .* Check what/,
    ),
  ]);
});
