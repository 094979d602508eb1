import { testModule } from "@dimos/core/testing";
import { type OccupancyGrid, quaternionFromYaw, timeFromSeconds } from "@dimos/msgs";
import { expect, test } from "vitest";
import { FleetMapper } from "./fleet-mapper.ts";

test("maps a scan with points that are not finite without them, and says on which stream they came (K1)", async () => {
  await using mapper = await testModule(FleetMapper);
  await mapper.start();
  for (let i = 0; i < 4; i++) {
    const stamp = timeFromSeconds(i);
    const transform = { translation: { x: 0, y: 0, z: 0.3 }, rotation: quaternionFromYaw(Math.PI / 4) };
    const header = { stamp, frameId: "robot0/odom" };
    await mapper.publish("tf", { transforms: [{ header, childFrameId: "robot0/lidar_link", transform }] });
    const xyz = Float32Array.of(Number.POSITIVE_INFINITY, 0, 0, 2, 0, 0, Number.NaN, 0, 0);
    await mapper.publish("firstLidar", { header: { stamp, frameId: "robot0/lidar_link" }, xyz });
    await mapper.clock.advance(1000);
  }
  const map = mapper.published("fleetMap").at(-1);
  const { resolution, width, origin } = map?.info ?? { resolution: 0, width: 0, origin: { position: { x: 0, y: 0 } } };
  const cell = (of: "x" | "y") => Math.floor((2 * Math.SQRT1_2 - origin.position[of]) / resolution);
  expect(map?.data[cell("y") * width + cell("x")]).toBe(100);
  expect(mapper.logged).toEqual([
    "warn: Points on /firstLidar are left out: the xyz of 2 of 3 in a scan is not finite",
  ]);
});

test("leaves the other robot out where the tree of frames has it, through whichever frames (K1)", async () => {
  const origins = [
    { x: 0, y: 0, yaw: 0 },
    { x: 1, y: 0, yaw: Math.PI / 2 },
  ];
  await using mapper = await testModule(FleetMapper, { config: { origins } });
  await mapper.start();
  const stamp = timeFromSeconds(1);
  const link = (parent: string, child: string, x: number, y: number, z: number) => ({
    header: { stamp, frameId: parent },
    childFrameId: child,
    transform: { translation: { x, y, z }, rotation: quaternionFromYaw(0) },
  });
  const transforms = [
    link("robot0/odom", "robot0/lidar_link", 0, 0, 0.3),
    // A base that is told of on its footprint stands 2 m to the left of where its odometry began: at (-1, 2) in the world.
    link("robot1/odom", "robot1/base_footprint", 2, 2, 0),
    link("robot1/base_footprint", "robot1/base_link", 0, 0, 0.3),
  ];
  await mapper.publish("tf", { transforms });
  // At the height of the lidar: the other robot, and a wall.
  const xyz = Float32Array.of(-1, 2, 0, 2, 0, 0);
  for (let i = 0; i < 4; i++) {
    await mapper.publish("firstLidar", { header: { stamp, frameId: "robot0/lidar_link" }, xyz });
    await mapper.clock.advance(1000);
  }
  const { info, data } = mapper.published("fleetMap").at(-1) as OccupancyGrid;
  const occupied = [...data].flatMap((value, i) => {
    const column = (i % info.width) * info.resolution + info.origin.position.x;
    return value === 100 ? [Math.round(column)] : [];
  });
  expect(occupied).toEqual([2]);
});

/** Tells where a lidar is, and what it sees. */
async function scanFrom(
  mapper: Awaited<ReturnType<typeof mapping>>,
  robot: 0 | 1,
  seconds: number,
  x: number,
  xyz: number[],
) {
  const stamp = timeFromSeconds(seconds);
  const frame = `robot${robot}`;
  const transform = { translation: { x, y: 0, z: 0.3 }, rotation: quaternionFromYaw(0) };
  const header = { stamp, frameId: `${frame}/odom` };
  await mapper.publish("tf", { transforms: [{ header, childFrameId: `${frame}/lidar_link`, transform }] });
  const scan = { header: { stamp, frameId: `${frame}/lidar_link` }, xyz: Float32Array.from(xyz) };
  await mapper.publish(robot === 0 ? "firstLidar" : "secondLidar", scan);
  await mapper.clock.advance(500);
}

const mapping = async (config = {}) => {
  const mapper = await testModule(FleetMapper, { config });
  await mapper.start();
  return mapper;
};

test("keeps its map where it began when the robots are farther apart than it may be wide, and says what it leaves out", async () => {
  await using mapper = await mapping({ maxSize: 20 });
  for (let i = 0; i < 8; i++) await scanFrom(mapper, (i % 2) as 0 | 1, i, i % 2 === 0 ? 0 : 50, [2, 0, 0, 3, 1, 0]);
  const sizes = mapper.published("fleetMap").map(({ info }) => [info.width, info.origin.position.x]);
  expect(new Set(sizes.map(String))).toEqual(new Set(["80,0"]));
  expect(mapper.logged).toEqual([
    "warn: 2 of 2 points of a scan lie beyond the largest map, 20 m by 20 m, and are left out. Raise maxSize of FleetMapper, 200 m at most, to map them.",
  ]);
});

test("says which lidar sees nothing, and maps on with the other one", async () => {
  await using mapper = await mapping();
  for (let i = 0; i < 12; i++)
    await scanFrom(mapper, (i % 2) as 0 | 1, i, 0, i % 2 === 0 ? [2, 0, 0] : [Number.NaN, 0, 0]);
  expect(mapper.published("fleetMap").map(({ header }) => header.stamp.sec)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(mapper.logged.filter((line) => line.includes("sees nothing"))).toEqual([
    expect.stringMatching(/^warn: The lidar sees nothing: scans come on \/secondLidar, but without a single point\./),
  ]);
});

test("maps what is seen where a robot was when that has said nothing for two seconds", async () => {
  await using mapper = await mapping();
  const header = { stamp: timeFromSeconds(0), frameId: "robot1/odom" };
  const transform = { translation: { x: 2, y: 0, z: 0.3 }, rotation: quaternionFromYaw(0) };
  await mapper.publish("tf", { transforms: [{ header, childFrameId: "robot1/base_link", transform }] });
  const stands: boolean[] = [];
  for (let i = 0; i < 8; i++) {
    await scanFrom(mapper, 0, i, 0, [2, 0, 0, 3, 1, 0]);
    const map = mapper.published("fleetMap").at(-1);
    stands.push(map?.data[Math.floor(2 / map.info.resolution)] === 100);
  }
  expect(stands.slice(0, 4)).toEqual([false, false, false, false]);
  expect(stands.at(-1)).toBe(true);
});
