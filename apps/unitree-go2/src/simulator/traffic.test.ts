import { expect, test } from "vitest";
import { bareWorld, block } from "../../test/bare-world.ts";
import { Camera } from "../sensors/camera.ts";
import { Lidar } from "../sensors/lidar.ts";
import { CAMERA_MOUNT, LIDAR_MOUNT, mountedAt } from "../sensors/sensor-pose.ts";
import type { MoverPlan } from "../world/mover.ts";
import { moverParts } from "../world/mover-parts.ts";
import { World } from "../world/world.ts";
import { Go2Simulator } from "./go2-simulator.ts";
import { KEEP_OFF_M, PATIENCE_S } from "./traffic.ts";

const person = (...path: [number, number][]): MoverPlan => ({
  ...{ label: "person", path, speed: 1, pause: 0.5, parts: moverParts("person", [200, 80, 40]) },
});

/** A hall of 10 m by 10 m with the robot in its middle, looking along x. */
function hallWith(...movers: MoverPlan[]): Go2Simulator {
  return new Go2Simulator({ world: new World({ ...bareWorld().plan, movers }) });
}
const at = (sim: Go2Simulator) => {
  const { x, y } = sim.world.shapes[sim.world.fixed.length] as { x: number; y: number };
  return [Number(x.toFixed(2)), Number(y.toFixed(2))];
};

test("walks round its points, stands at each of them, and does the same in every run", () => {
  const walk = () => {
    const sim = hallWith(person([1, 1], [3, 1], [3, 2]));
    return [1, 1, 0.5, 1, 0.5, 1, 2].map((seconds) => {
      sim.step(seconds);
      return at(sim);
    });
  };
  const places = walk();
  expect(places.slice(0, 3)).toEqual([
    [2, 1],
    [3, 1],
    [3, 1],
  ]);
  expect(places[3]?.[1]).toBeCloseTo(2, 1);
  expect(places[6]?.[0]).toBeLessThan(3);
  expect(walk()).toEqual(places);
});

test("stops before a robot that stands in the way, waits, and goes back; that is no collision", () => {
  const sim = hallWith(person([1, 5], [9, 5]));
  sim.step(3.5);
  const [x, y] = at(sim);
  // The robot's body begins 0.25 m before its middle, the person's shoulders end 0.25 m after theirs, their feet 0.2 m.
  expect([x, y]).toEqual([expect.closeTo(5 - 0.25 - KEEP_OFF_M - 0.25, 1), 5]);
  expect(sim.truth.gap).toBeCloseTo(KEEP_OFF_M + 0.05, 6);
  sim.step(PATIENCE_S + 2.2);
  expect(at(sim)[0]).toBeLessThan(2.5);
  expect(sim.truth).toMatchObject({ collisions: 0, travelled: 0 });
  expect(sim.truth.smallestGap).toBeGreaterThan(KEEP_OFF_M - 0.03);
});

test("is an obstacle to the robot: walking into a person is a collision", () => {
  const sim = hallWith(person([6.2, 5], [6.2, 4.99]));
  const bumped: string[] = [];
  sim.onBump(({ obstacle }) => bumped.push(obstacle));
  for (let i = 0; i < 40; i++) {
    sim.move(0.5, 0, 0);
    sim.step(0.1);
  }
  expect(bumped).toEqual(["person"]);
  expect(sim.truth.collisions).toBe(1);
});

test("goes round nothing that was put into its way: it waits", () => {
  const sim = hallWith(person([1, 8], [9, 8]));
  sim.addObstacle(block(5, 8, 0.4, 0.4));
  sim.step(5);
  expect(at(sim)[0]).toBeLessThan(4.3);
});

test("is seen by lidar and camera where it is now", () => {
  const sim = hallWith(person([8, 5], [8, 9]));
  const lidar = new Lidar(sim.world, { seed: 1, noise: 0, dropOut: 0 });
  const camera = new Camera(sim.world);
  const ahead = () => {
    const points = lidar.scan(mountedAt(sim.pose, 0.3, LIDAR_MOUNT));
    let count = 0;
    for (let i = 0; i < points.length; i += 3) {
      const [x, y] = [points[i] as number, points[i + 1] as number];
      if (x > 2.6 && x < 3.3 && Math.abs(y) < 0.3 && (points[i + 2] as number) > -0.3) count++;
    }
    return count;
  };
  const middle = () => {
    const { width, height } = camera.optics;
    const from = (height / 2) * width * 3 + (width / 2) * 3;
    return [...camera.render(mountedAt(sim.pose, 0.3, CAMERA_MOUNT)).subarray(from, from + 3)];
  };
  const [before, seen] = [middle(), ahead()];
  expect(seen).toBeGreaterThan(20);
  sim.step(3);
  expect(ahead()).toBe(0);
  expect(middle()).not.toEqual(before);
});
