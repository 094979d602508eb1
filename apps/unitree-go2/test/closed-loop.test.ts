import { describe, expect, test } from "vitest";
import { planarDistance } from "../src/planar-pose.ts";
import { moverParts } from "../src/world/mover-parts.ts";
import { World } from "../src/world/world.ts";
import { bareWorld, block } from "./bare-world.ts";
import { ClosedLoop } from "./closed-loop.ts";

describe("a goal that cannot be reached", () => {
  test("behind a wall 2 m ahead, for a relative move of 5 m: stops short and says how far it came", () => {
    const loop = new ClosedLoop("office", 2, { x: 2.06, y: 5.2, yaw: Math.PI });
    const result = loop.goTo({ x: -2.94, y: 5.2, yaw: Math.PI }, { maxPathM: 6 });
    const truth = planarDistance(loop.sim.pose, loop.sim.truth.start);
    expect(result.status).toBe("blocked");
    expect(result.error).toMatch(/Something is in the way and no way round is shorter than 6.00 m/);
    expect(Math.abs(result.moved - truth)).toBeLessThan(0.1);
    expect(truth).toBeGreaterThan(1.4);
    expect(loop.sim.truth.collisions).toBe(0);
  });

  test("inside an obstacle: goes to a safe place beside it and calls that blocked", () => {
    const loop = new ClosedLoop("office", 2, { x: 6, y: 6, yaw: 0 });
    const result = loop.goTo({ x: 8, y: 5 });
    expect(result.status).toBe("blocked");
    expect(result.error).toMatch(/The goal \(x 8.00, y 5.00\) is inside or too near to an obstacle/);
    expect(planarDistance(loop.sim.pose, { x: 8, y: 5 })).toBeLessThan(0.9);
    expect(loop.sim.truth.collisions).toBe(0);
  });

  test("far outside the map: does not move", () => {
    const loop = new ClosedLoop("office", 2);
    const result = loop.goTo({ x: 60, y: 5 });
    expect(result).toMatchObject({ status: "blocked", moved: 0, error: expect.stringMatching(/outside the map/) });
    expect(loop.sim.pose).toEqual(loop.sim.truth.start);
  });

  test("just outside the outer wall: looks for a way and says that there is none", () => {
    const loop = new ClosedLoop("apartment", 2);
    const result = loop.goTo({ x: 4.6, y: -1.5 });
    expect(result.status).toBe("blocked");
    expect(result.error).toMatch(/No way leads to the goal/);
    expect(loop.sim.truth.collisions).toBe(0);
  });
});

describe("a box that appears on the path", () => {
  test("is gone round when there is room", () => {
    const loop = new ClosedLoop("office", 3);
    const box = { ...block(0, 5.2, 0.5, 0.5), yaw: 0.3, top: 0.6 };
    let hasAppeared = false;
    const result = loop.goTo(
      { x: 7, y: 5.2, yaw: 0 },
      {
        onTick: () => {
          if (hasAppeared || loop.sim.pose.x < 3.2) return;
          hasAppeared = true;
          loop.sim.addObstacle({ ...box, x: loop.sim.pose.x + 0.9 });
        },
      },
    );
    expect(hasAppeared).toBe(true);
    expect(result.status).toBe("reached");
    expect(loop.sim.truth.collisions).toBe(0);
  });

  test("ends the goal as blocked when it closes the only door, which opens again once the box is seen to be gone", () => {
    const loop = new ClosedLoop("apartment", 3, { x: 7.5, y: 6, yaw: -Math.PI / 2 });
    loop.tick();
    const close = () => loop.sim.addObstacle(block(7.5, 4.7, 1.2, 0.3));
    let remove: (() => void) | undefined;
    const result = loop.goTo(
      { x: 4.6, y: 3, yaw: 0 },
      {
        onTick: () => {
          if (loop.sim.timeSeconds > 0.5) remove ??= close();
        },
      },
    );
    expect(result).toMatchObject({ status: "blocked", error: expect.stringMatching(/No way leads to the goal/) });
    expect(loop.sim.truth.collisions).toBe(0);
    remove?.();
    expect(loop.goTo({ x: 7.5, y: 6.2, yaw: -Math.PI / 2 }).status).toBe("reached");
    expect(loop.goTo({ x: 4.6, y: 3, yaw: 0 }).status).toBe("reached");
  });
});

describe("a person who walks about", () => {
  const walls = [block(5, 0, 10, 0.1), block(5, 10, 10, 0.1), block(0, 5, 0.1, 10), block(10, 5, 0.1, 10)];
  /** A hall of 10 m by 10 m with a person who walks round the points, and the robot in its middle. */
  const hall = (path: [number, number][], pause: number, ...shapes: Parameters<typeof bareWorld>) =>
    new World({
      ...bareWorld(...walls, ...shapes).plan,
      movers: [{ label: "person", path, speed: 0.8, pause, parts: moverParts("person", [200, 80, 40]) }],
    });

  test("is never walked into, on ways that cross theirs", () => {
    const path: [number, number][] = [
      [2.5, 1.5],
      [2.5, 8.5],
      [7.5, 8.5],
      [7.5, 1.5],
    ];
    const loop = new ClosedLoop(hall(path, 0), 4);
    const ends = [
      { x: 1, y: 5 },
      { x: 9, y: 5 },
      { x: 1, y: 3 },
      { x: 5, y: 9 },
    ].map((goal) => loop.goTo(goal).status);
    expect(ends).toEqual(Array(4).fill("reached"));
    expect(loop.sim.truth.collisions).toBe(0);
  });

  test("is waited for in an aisle with no room to pass", () => {
    const shelves = [block(5, 4.2, 8, 0.4), block(5, 5.8, 8, 0.4)];
    const path: [number, number][] = [
      [8.5, 5],
      [2, 5],
    ];
    const loop = new ClosedLoop(hall(path, 0, ...shelves), 4, { x: 0.5, y: 5, yaw: 0 });
    expect(loop.goTo({ x: 9.5, y: 5 }).status).toBe("reached");
    expect(loop.sim.truth.collisions).toBe(0);
  });

  test("is forgotten by the map once they have gone", () => {
    const path: [number, number][] = [
      [7, 4.4],
      [7, 8],
    ];
    const loop = new ClosedLoop(hall(path, 60), 4);
    const isOccupied = () => {
      const { originX, originY, width, resolution, data } = loop.costmap ?? expect.fail("no map");
      const cell = (x: number, y: number) =>
        data[Math.floor((y - originY) / resolution) * width + Math.floor((x - originX) / resolution)];
      return [cell(6.82, 5), cell(6.87, 5)].includes(100);
    };
    const seen: boolean[] = [];
    for (let i = 0; i < 100; i++) {
      loop.tick();
      seen.push(isOccupied());
    }
    expect(seen.indexOf(true)).toBeGreaterThan(-1);
    expect(seen.at(-1)).toBe(false);
  });
});
