import { expect, test } from "vitest";
import { bareWorld } from "../../test/bare-world.ts";
import type { PlanarPose } from "../planar-pose.ts";
import { Camera } from "../sensors/camera.ts";
import { Lidar } from "../sensors/lidar.ts";
import { CAMERA_MOUNT, LIDAR_MOUNT, mountedAt } from "../sensors/sensor-pose.ts";
import { loadWorld } from "../world/load-world.ts";
import type { World } from "../world/world.ts";
import { BODY_LENGTH_M } from "./body.ts";
import { Go2Simulator } from "./go2-simulator.ts";
import { NeighbourWatch } from "./neighbour-watch.ts";
import type { RobotBody } from "./robot-body.ts";

/** One robot, with a world of its own as in a process of its own. */
class Robot {
  readonly sim: Go2Simulator;
  readonly watch: NeighbourWatch;
  readonly warnings: string[] = [];
  readonly #name: string;

  constructor(name: string, world: World, start: PlanarPose) {
    this.#name = name;
    this.sim = new Go2Simulator({ world, start });
    this.watch = new NeighbourWatch(name, this.sim, (text) => this.warnings.push(text));
  }

  get body(): RobotBody {
    const { world, timeSeconds: stamp, pose, baseHeight: height, touches, traffic } = this.sim;
    return { instance: this.#name, world: world.plan.name, stamp, pose, height, touches, traffic: traffic.state };
  }
}

/** Everybody tells everybody 25 times a second, and walks on. */
function live(seconds: number, ...robots: Robot[]): void {
  for (let i = 0; i < seconds * 25; i++) {
    const bodies = robots.map(({ body }) => body);
    for (const { watch, sim } of robots) {
      for (const body of bodies) watch.hear(body);
      for (let tick = 0; tick < 2; tick++) {
        watch.tick();
        sim.step(0.02);
      }
    }
  }
}

const pair = (gap = 2) => [
  new Robot("robot0", bareWorld(), { x: 2, y: 3, yaw: 0 }),
  new Robot("robot1", bareWorld(), { x: 2 + gap, y: 3, yaw: 0 }),
];

test("a neighbour is seen by lidar and camera, and measured by the ground truth", () => {
  const [a, b] = pair() as [Robot, Robot];
  const look = () => {
    const { pose, baseHeight, world } = a.sim;
    const points = new Lidar(world, { seed: 1, noise: 0, dropOut: 0 }).scan(mountedAt(pose, baseHeight, LIDAR_MOUNT));
    return { points, picture: new Camera(world).render(mountedAt(pose, baseHeight, CAMERA_MOUNT)) };
  };
  const alone = look();
  live(0.1, a, b);
  const together = look();
  const ahead = (points: Float32Array) =>
    Array.from({ length: points.length / 3 }, (_, i) => points.subarray(3 * i, 3 * i + 3)).filter(
      ([x = 0, y = 0, z = 0]) => x > 1.6 && x < 2.3 && Math.abs(y) < 0.2 && z > -0.3,
    );
  expect(ahead(alone.points)).toEqual([]);
  expect(ahead(together.points).length).toBeGreaterThan(20);
  expect(together.picture).not.toEqual(alone.picture);
  expect(a.sim.truth.gap).toBeCloseTo(2 - BODY_LENGTH_M, 6);
});

test("a robot that runs into its neighbour cannot go on, and it is a collision of both, once", () => {
  const [a, b] = pair() as [Robot, Robot];
  const bumps: string[] = [];
  a.sim.onBump(({ obstacle }) => bumps.push(obstacle));
  for (let i = 0; i < 50; i++) {
    a.sim.move(0.5, 0, 0);
    live(0.1, a, b);
  }
  expect(a.sim.pose.x).toBeGreaterThan(2 + 2 - BODY_LENGTH_M - 0.02);
  expect(a.sim.pose.x).toBeLessThan(2 + 2 - BODY_LENGTH_M);
  expect([a.sim.truth.collisions, b.sim.truth.collisions]).toEqual([1, 1]);
  expect(bumps).toEqual(["robot1"]);
  for (let i = 0; i < 10; i++) {
    a.sim.move(-0.5, 0, 0);
    live(0.1, a, b);
  }
  expect(a.sim.pose.x).toBeLessThan(3.3);
  expect([a.sim.inContact, b.sim.inContact]).toEqual([false, false]);
  expect([a.sim.truth.collisions, b.sim.truth.collisions]).toEqual([1, 1]);
});

test("two that run into each other come free of each other", () => {
  const [a, b] = pair() as [Robot, Robot];
  for (let i = 0; i < 20; i++) {
    a.sim.move(0.8, 0, 0);
    b.sim.move(-0.8, 0, 0);
    live(0.1, a, b);
  }
  expect([a.sim.truth.collisions, b.sim.truth.collisions]).toEqual([1, 1]);
  for (let i = 0; i < 10; i++) {
    a.sim.move(-0.8, 0, 0);
    b.sim.move(0.8, 0, 0);
    live(0.1, a, b);
  }
  expect(b.sim.pose.x - a.sim.pose.x).toBeGreaterThan(1);
});

test("two in the same place are told so, and it counts as a collision of both", () => {
  const [a, b] = pair(0.2) as [Robot, Robot];
  live(0.2, a, b);
  expect(a.warnings).toEqual(["robot0 and robot1 stand in the same place. Give them other start poses."]);
  expect([a.sim.truth.collisions, b.sim.truth.collisions]).toEqual([1, 1]);
});

test("a neighbour disappears, with a warning, when nothing is heard of it for two seconds", () => {
  const [a, b] = pair() as [Robot, Robot];
  live(0.1, a, b);
  live(1.9, a);
  expect(a.sim.truth.gap).toBeCloseTo(2 - BODY_LENGTH_M, 6);
  live(0.2, a);
  expect(a.sim.world.nearestTo({ x: 4, y: 3, yaw: 0, length: 0.5, width: 0.3 }).gap).toBeGreaterThan(0);
  expect(a.warnings).toEqual(["Nothing has been heard of robot1 for 2 s: it is not in the world of robot0 any more"]);
});

test("what comes from the robot itself, or from another world, is nobody's neighbour", () => {
  const [a, b] = pair() as [Robot, Robot];
  a.watch.hear({ ...a.body, pose: { x: 3, y: 3, yaw: 0 } });
  a.watch.hear({ ...b.body, world: "elsewhere" });
  expect(a.sim.neighbours.bodies).toEqual([]);
});

test("people walk in the same places for all robots, also for one that came later, and stop before each of them", () => {
  const a = new Robot("robot0", loadWorld("warehouse"), loadWorld("warehouse").plan.start);
  live(20, a);
  const near = loadWorld("warehouse").plan.start;
  const b = new Robot("robot1", loadWorld("warehouse"), { ...near, x: near.x + 1.5 });
  const people = ({ sim }: Robot) =>
    sim.world.shapes.slice(sim.world.fixed.length).filter(({ label }) => label === "person" || label === "cart");
  expect(people(b)).not.toEqual(people(a));
  live(10, a, b);
  const [xa, xb] = [people(a).map(({ x }) => x), people(b).map(({ x }) => x)];
  expect(xa.length).toBeGreaterThan(5);
  for (const [i, x] of xa.entries()) expect(Math.abs(x - (xb[i] as number))).toBeLessThan(0.1);
});
