import { expect, test } from "vitest";
import { bareWorld, block } from "../../test/bare-world.ts";
import { loadWorld } from "../world/load-world.ts";
import { cloudFromSensor, LIDAR_AZIMUTHS, LIDAR_RINGS, Lidar } from "./lidar.ts";

const exact = { noise: 0, dropOut: 0 };
const points = (cloud: Float32Array) =>
  Array.from({ length: cloud.length / 3 }, (_, i) => [...cloud.subarray(3 * i, 3 * i + 3)] as [number, number, number]);

test("hits the side, the top and the underside of a block, the floor and the ceiling", () => {
  const shelf = { ...block(7.5, 5, 1, 20), bottom: 0.8, top: 0.9 };
  const world = bareWorld(block(7.5, 5, 1, 20), shelf, { ...block(4, 5, 1, 20), top: 0.1 });
  const low = points(new Lidar(world, { seed: 1, ...exact }).scan({ x: 5, y: 5, z: 0.42, yaw: 0 }));
  const ahead = low.filter(([x, y]) => x > 0 && Math.abs(y) < 0.3);
  expect(ahead.filter(([x]) => Math.abs(x - 2) < 1e-4).length).toBeGreaterThan(20);
  for (const [x, , z] of ahead) expect(x < 2 - 1e-4 ? z : -0.42).toBeCloseTo(-0.42, 4);
  const behind = low.filter(([x, y]) => x < -0.4 && x > -1.5 && Math.abs(y) < 0.3);
  expect(behind.some(([x, , z]) => x < -0.5 && Math.abs(z + 0.32) < 1e-4)).toBe(true);
});

test("passes over and under what is not at its height", () => {
  const world = bareWorld({ ...block(7, 5, 0.2, 4), bottom: 0.6, top: 0.7 }, block(8, 5, 0.2, 4));
  const level = points(new Lidar(world, { seed: 1, ...exact }).scan({ x: 5, y: 5, z: 0.42, yaw: 0 })).filter(
    ([x, y, z]) => x > 0 && Math.abs(y) < 0.3 && Math.abs(z) < 1e-6,
  );
  for (const [x] of level) expect(x).toBeCloseTo(2.9, 4);
  expect(level.length).toBeGreaterThan(5);
});

test("sees the walls of a world where they are, from any heading", () => {
  const world = loadWorld("office");
  const at = { x: 7, y: 4.6, z: 0.42, yaw: 0.7 };
  const cloud = points(cloudFromSensor(new Lidar(world, { seed: 3, ...exact }).scan(at), at));
  expect(cloud.length).toBeGreaterThan(4000);
  for (const [x, y, z] of cloud) {
    if (z > 0.05 && z < 0.45) expect(world.distanceFrom(x, y)).toBeLessThan(1e-4);
  }
});

test("measures with the noise and the drop-out asked for", () => {
  const world = bareWorld(block(7.5, 5, 1, 20));
  const cloud = new Lidar(world, { seed: 1, noise: 0.02, dropOut: 0.25 }).scan({ x: 5, y: 5, z: 0.42, yaw: 0 });
  const side = points(cloud)
    .filter(([x, y, z]) => x > 1.8 && Math.abs(y) < 1 && z > -0.3)
    .map(([x]) => x - 2);
  const deviation = Math.sqrt(side.reduce((sum, e) => sum + e * e, 0) / side.length);
  expect(deviation).toBeGreaterThan(0.015);
  expect(deviation).toBeLessThan(0.025);
  const closed = loadWorld("apartment");
  const all = new Lidar(closed, { seed: 1, noise: 0, dropOut: 0.25 }).scan({ ...closed.plan.start, z: 0.42 });
  const share = all.length / 3 / (LIDAR_AZIMUTHS * LIDAR_RINGS);
  expect(share).toBeGreaterThan(0.7);
  expect(share).toBeLessThan(0.8);
});

test("gives the same scans for the same seed", () => {
  const world = loadWorld("office");
  const scans = () => {
    const lidar = new Lidar(world, { seed: 5 });
    return [1, 2].map((x) => lidar.scan({ x, y: 5, z: 0.42, yaw: 0 }));
  };
  expect(scans()).toEqual(scans());
});

test("sees an obstacle from the moment it is there", () => {
  const world = bareWorld();
  const lidar = new Lidar(world, { seed: 1, ...exact });
  const nearest = () =>
    Math.min(
      ...points(lidar.scan({ x: 5, y: 5, z: 0.42, yaw: 0 })).map(([x, y, z]) => (z > -0.4 ? Math.hypot(x, y) : 99)),
    );
  expect(nearest()).toBeGreaterThan(3);
  const remove = world.add(block(7, 5, 1, 1));
  expect(nearest()).toBeCloseTo(1.5, 2);
  remove();
  expect(nearest()).toBeGreaterThan(3);
});
