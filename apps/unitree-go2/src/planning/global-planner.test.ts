import { describe, expect, test } from "vitest";
import { bareWorld, block } from "../../test/bare-world.ts";
import { driveUntilDone } from "../../test/drive.ts";
import { mapOf } from "../../test/grid-drawing.ts";
import { planarDistance } from "../planar-pose.ts";
import { Go2Simulator } from "../simulator/go2-simulator.ts";
import type { Box } from "../world/shape.ts";
import { GlobalPlanner } from "./global-planner.ts";

/** A simulator, and a planner that knows its blocks. */
function stage({ blocks = [], withMap = true }: { blocks?: Box[]; withMap?: boolean } = {}) {
  const sim = new Go2Simulator({ world: bareWorld(...blocks) });
  const planner = new GlobalPlanner();
  const see = () => planner.setCostmap(mapOf(10, 10, 0.05, (x, y) => sim.world.distanceFrom(x, y) < 0.025));
  if (withMap) see();
  return { sim, planner, see };
}

describe("without a map", () => {
  test("goes straight to a near goal, says so, and turns to its heading", () => {
    const { sim, planner } = stage({ withMap: false });
    const id = planner.setGoal({ x: 6.5, y: 6, yaw: Math.PI / 2 });
    planner.tick(sim.pose, 0);
    expect(planner.state).toEqual({
      status: "straight",
      goal: { x: 6.5, y: 6, yaw: Math.PI / 2 },
      distanceLeft: Math.hypot(1.5, 1),
      detail: "Going straight to the goal, 1.80 m left: there is no map yet.",
    });
    const result = driveUntilDone(sim, planner);
    expect(result).toMatchObject({ goalId: id, status: "reached" });
    expect(planarDistance(sim.pose, { x: 6.5, y: 6 })).toBeLessThan(0.1);
    expect(sim.pose.yaw).toBeCloseTo(Math.PI / 2, 1);
    expect(result.moved).toBeCloseTo(planarDistance(sim.pose, { x: 5, y: 5 }), 2);
    expect(planner.state.status).toBe("idle");
  });

  test("waits five seconds for a map when the goal is farther than three metres, then says why it does not go", () => {
    const { sim, planner } = stage({ withMap: false });
    planner.setGoal({ x: 9, y: 5 });
    planner.tick(sim.pose, 0);
    expect(planner.state.status).toBe("waiting-for-map");
    expect(driveUntilDone(sim, planner)).toMatchObject({
      status: "blocked",
      moved: 0,
      error: "There is no map, and without one only goals within 3 m are driven to; this one is 4.00 m away.",
    });
    expect(sim.timeSeconds).toBeLessThan(6);
  });

  test("follows a path from the moment a map comes", () => {
    const { sim, planner, see } = stage({ withMap: false, blocks: [block(6.5, 5, 0.4, 1)] });
    planner.setGoal({ x: 7.8, y: 5 });
    const result = driveUntilDone(sim, planner, { onTick: (time) => time === 1 && see() });
    expect(result.status).toBe("reached");
    expect(sim.truth.collisions).toBe(0);
  });

  test("reports blocked, and how far it came, when something stops it", () => {
    const { sim, planner } = stage({ withMap: false, blocks: [block(6.5, 5, 1, 4)] });
    planner.setGoal({ x: 7.5, y: 5 });
    const result = driveUntilDone(sim, planner);
    expect(result.status).toBe("blocked");
    expect(result.error).toMatch(/did not get 0.4 m ahead in 8 s/);
    expect(result.moved).toBeCloseTo(sim.pose.x - 5, 3);
  });
});

describe("with a map", () => {
  test("gives a goal up when the odometry jumps, and says that what was measured says nothing", () => {
    const { sim, planner } = stage();
    planner.tick(sim.pose, 0);
    planner.tick({ ...sim.pose, x: 2 }, 0.1);
    planner.setGoal({ x: 8, y: 5 });
    planner.tick({ x: 2, y: 5, yaw: 0 }, 0.2);
    expect(planner.tick({ x: 2.9, y: 5, yaw: 0 }, 0.3).command.vx).toBeGreaterThan(0);
    expect(planner.tick({ x: 8, y: 5, yaw: 0 }, 0.4).command).toEqual({ vx: 0, vy: 0, vyaw: 0 });
    expect(planner.tick({ x: 8, y: 5, yaw: 0 }, 0.5).done).toMatchObject([
      { status: "blocked", error: expect.stringMatching(/^The odometry jumped by 5\.10 m/) },
    ]);
  });

  test("goes round an obstacle and keeps its distance", () => {
    const { sim, planner } = stage({ blocks: [block(7, 5, 0.4, 3)] });
    planner.setGoal({ x: 9, y: 5, yaw: Math.PI });
    expect(driveUntilDone(sim, planner)).toMatchObject({ status: "reached" });
    expect(planarDistance(sim.pose, { x: 9, y: 5 })).toBeLessThan(0.1);
    expect(Math.cos(sim.pose.yaw)).toBeLessThan(-0.98);
    expect(sim.truth.collisions).toBe(0);
    expect(sim.truth.smallestClearance).toBeGreaterThan(0.3);
  });

  test("publishes a path with a point every 0.1 m when it has one, and an empty one when the goal has ended", () => {
    const { sim, planner } = stage();
    planner.setGoal({ x: 8, y: 5 });
    const { path } = planner.tick(sim.pose, 0);
    expect(path?.length).toBe(31);
    expect(planner.tick(sim.pose, 0.1).path).toBeUndefined();
    planner.cancelGoal();
    expect(planner.tick(sim.pose, 0.2).path).toEqual([]);
  });

  test("stops at a safe place near a goal inside an obstacle and calls that blocked", () => {
    const { sim, planner } = stage({ blocks: [block(8, 5, 1, 1)] });
    planner.setGoal({ x: 7.8, y: 5 });
    const result = driveUntilDone(sim, planner);
    expect(result.status).toBe("blocked");
    expect(result.error).toMatch(/The goal \(x 7.80, y 5.00\) is inside or too near to an obstacle/);
    expect(sim.pose.x).toBeCloseTo(7.2, 0);
    expect(sim.truth.smallestClearance).toBeGreaterThan(0.29);
    expect(result.distanceLeft).toBeCloseTo(planarDistance(sim.pose, { x: 7.8, y: 5 }), 2);
  });

  test("keeps the clearance that was set, and 0.3 m again after a reset", () => {
    const stopsAt = (prepare: (planner: GlobalPlanner) => void) => {
      const { sim, planner } = stage({ blocks: [block(8, 5, 1, 1)] });
      prepare(planner);
      planner.setGoal({ x: 7.5, y: 5 });
      driveUntilDone(sim, planner);
      return 7.5 - sim.pose.x;
    };
    expect(new GlobalPlanner()._safeGoalClearance).toBe(0.3);
    expect(stopsAt((planner) => planner.setSafeGoalClearance(0.8))).toBeGreaterThan(0.7);
    const usual = stopsAt((planner) => {
      planner.setSafeGoalClearance(0.8);
      planner.resetSafeGoalClearance();
    });
    expect(usual).toBeLessThan(0.5);
    expect(() => new GlobalPlanner().setSafeGoalClearance(Number.NaN)).toThrow(/makes no sense/);
  });

  test("refuses a goal far outside the map at once", () => {
    const { sim, planner } = stage();
    planner.setGoal({ x: 60, y: 5 });
    expect(driveUntilDone(sim, planner)).toMatchObject({
      status: "blocked",
      moved: 0,
      error: "The goal (x 60.00, y 5.00) lies 50.00 m outside the map. Choose one on the map, or explore first.",
    });
  });

  test("refuses to plan when the robot is nowhere near the map", () => {
    const { planner } = stage();
    planner.setGoal({ x: 5, y: 5 });
    const astray = { x: 50_000, y: 5, yaw: 0 };
    const done = [0, 1, 2].flatMap((time) => planner.tick(astray, time).done);
    expect(done).toEqual([
      expect.objectContaining({
        status: "blocked",
        error: expect.stringMatching(/Check that map and odometry are in/),
      }),
    ]);
  });

  test("stops in front of a wall when the way round is longer than allowed", () => {
    const { sim, planner } = stage({ blocks: [block(7.1, 5, 0.2, 8)] });
    planner.setGoal({ x: 9, y: 5, yaw: 0 }, { maxPathM: 7 });
    const result = driveUntilDone(sim, planner);
    expect(result.status).toBe("blocked");
    expect(result.error).toMatch(/no way round is shorter than 7.00 m/);
    expect(sim.pose.x).toBeGreaterThan(6.4);
    expect(result.moved).toBeCloseTo(sim.pose.x - 5, 2);
    expect(sim.truth.collisions).toBe(0);
  });

  test("plans anew when a box appears on the path", () => {
    const { sim, planner, see } = stage();
    planner.setGoal({ x: 9, y: 5 });
    let appeared = false;
    const result = driveUntilDone(sim, planner, {
      onTick: (time) => {
        if (time < 2 || appeared) return;
        appeared = true;
        sim.addObstacle(block(7.2, 5, 0.5, 1));
        see();
      },
    });
    expect(result.status).toBe("reached");
    expect(sim.truth.collisions).toBe(0);
    expect(sim.truth.smallestClearance).toBeGreaterThan(0.25);
  });

  test("reports blocked when walls appear all around", () => {
    const { sim, planner, see } = stage();
    planner.setGoal({ x: 9, y: 5 });
    let appeared = false;
    const result = driveUntilDone(sim, planner, {
      onTick: (time) => {
        if (time < 2 || appeared) return;
        appeared = true;
        for (const [x, y, l, w] of [
          [7.5, 5, 0.2, 4],
          [4, 5, 0.2, 4],
          [5.75, 7, 3.7, 0.2],
          [5.75, 3, 3.7, 0.2],
        ] as const) {
          sim.addObstacle(block(x, y, l, w));
        }
        see();
      },
    });
    expect(result).toMatchObject({ status: "blocked", error: expect.stringMatching(/No way leads to the goal/) });
    expect(sim.pose.x).toBeGreaterThan(6.8);
    expect(sim.truth.collisions).toBe(0);
  });

  test("plans anew when it was carried off its path", () => {
    const { planner } = stage();
    planner.setGoal({ x: 9, y: 5 });
    planner.tick({ x: 5, y: 5, yaw: 0 }, 0);
    expect(planner.tick({ x: 5, y: 5.8, yaw: 0 }, 1).path).toBeUndefined();
    expect(planner.tick({ x: 5, y: 6, yaw: 0 }, 2).path?.[0]).toEqual({ x: 5, y: 6 });
  });

  test("walks a short way back backwards", () => {
    const { sim, planner } = stage();
    planner.setGoal({ x: 4, y: 5, yaw: 0 });
    driveUntilDone(sim, planner, { onTick: () => expect(Math.abs(sim.pose.yaw)).toBeLessThan(0.3) });
    expect(sim.pose.x).toBeCloseTo(4, 1);
  });
});

describe("the end of a goal", () => {
  test("comes when the robot stands after a cancel, with what was measured", () => {
    const { sim, planner } = stage();
    planner.setGoal({ x: 9, y: 5 });
    let cancelledAt = 0;
    const result = driveUntilDone(sim, planner, {
      onTick: (time) => {
        if (time > 2 && planner.cancelGoal() && cancelledAt === 0) cancelledAt = time;
      },
    });
    expect(result).toMatchObject({ status: "cancelled", error: "The goal was cancelled." });
    expect(sim.timeSeconds - cancelledAt).toBeLessThan(0.8);
    expect(Math.abs(result.moved - (sim.pose.x - 5))).toBeLessThan(0.01);
    expect(planner.hasGoal).toBe(false);
    expect(planner.cancelGoal()).toBe(false);
  });

  test("is cancelled for a goal that is replaced, and both results have their own id", () => {
    const { sim, planner } = stage();
    const first = planner.setGoal({ x: 9, y: 5 });
    planner.tick(sim.pose, 0);
    const second = planner.setGoal({ x: 5.2, y: 5 });
    const replaced = driveUntilDone(sim, planner);
    expect(replaced).toMatchObject({
      goalId: first,
      status: "cancelled",
      error: "A new goal took the place of this one.",
    });
    expect(driveUntilDone(sim, planner)).toMatchObject({ goalId: second, status: "reached" });
  });

  test("is not reached for a robot that was pushed away from its goal while it came to a halt", () => {
    const { sim, planner } = stage();
    planner.setGoal({ x: 5, y: 5, yaw: 0 });
    expect(planner.tick(sim.pose, 0).done).toEqual([]);
    expect(planner.isEnding).toBe(true);
    const pushed = { ...sim.pose, x: 5.5 };
    planner.tick(pushed, 0.1);
    expect(planner.tick(pushed, 0.2).done).toMatchObject([
      { status: "blocked", distanceLeft: 0.5, error: expect.stringMatching(/0\.50 m/) },
    ]);
    planner.setGoal({ x: 5.5, y: 5, yaw: 0 });
    planner.tick(pushed, 1);
    const turned = { ...pushed, yaw: Math.PI / 2 };
    expect(planner.tick(turned, 1.1).done).toMatchObject([{ status: "blocked", distanceLeft: 0 }]);
  });

  test("is a timeout after the time given", () => {
    const { sim, planner } = stage();
    planner.setGoal({ x: 9, y: 5 }, { timeoutS: 3 });
    const result = driveUntilDone(sim, planner);
    expect(result).toMatchObject({ status: "timeout", error: expect.stringMatching(/Not there after 3 s; stopped/) });
    expect(result.moved).toBeCloseTo(sim.pose.x - 5, 2);
  });

  test("is blocked for a robot that does not move at all, after it has tried to step back, turn, and step back", () => {
    const { planner } = stage();
    planner.setGoal({ x: 9, y: 5 });
    const standing = { x: 5, y: 5, yaw: 0 };
    const ticks = Array.from({ length: 460 }, (_, i) => planner.tick(standing, i / 10));
    const tried = ticks.filter(({ doubt }) => doubt !== undefined).map(({ doubt, state }) => [doubt, state.detail]);
    expect(tried).toEqual([
      [{ x: 5, y: 5 }, "No farther; stepping back and trying again (1 of 4)."],
      [{ x: 5, y: 5 }, "No farther; looking round and trying again (2 of 4)."],
      [{ x: 5, y: 5 }, "No farther; stepping back and trying again (3 of 4)."],
    ]);
    expect(ticks.filter(({ state }) => state.status === "recovering").map(({ command }) => command)).toEqual(
      expect.arrayContaining([expect.objectContaining({ vx: -0.2 }), expect.objectContaining({ vyaw: -0.9 })]),
    );
    expect(ticks.flatMap(({ done }) => done)).toEqual([
      expect.objectContaining({ status: "blocked", moved: 0, error: expect.stringMatching(/did not get 0.4 m ahead/) }),
    ]);
    expect(ticks.slice(0, 430).flatMap(({ done }) => done)).toEqual([]);
  });
});

describe("recovery", () => {
  test("finds the way again when what the map shows around the robot is not there", () => {
    const { sim, planner, see } = stage();
    const ghosts = (x: number, y: number) => Math.abs(Math.hypot(x - 5, y - 5) - 0.8) < 0.1;
    planner.setCostmap(mapOf(10, 10, 0.05, ghosts));
    planner.setGoal({ x: 9, y: 5 });
    const told: string[] = [];
    for (let i = 0; i < 600 && planner.hasGoal; i++) {
      const { command, doubt, state, done } = planner.tick(sim.pose, sim.timeSeconds);
      // The mapper looks again, and sees that nothing is there.
      if (doubt !== undefined) see();
      if (told.at(-1) !== state.status) told.push(state.status);
      told.push(...done.map(({ status }) => status));
      sim.move(command.vx, command.vy, command.vyaw);
      sim.step(0.1);
    }
    expect(told).toEqual(expect.arrayContaining(["searching", "recovering", "following", "reached"]));
    expect(sim.truth.collisions).toBe(0);
  });

  test("is not for a move that is to stop at what is in its way", () => {
    const { planner } = stage();
    planner.setGoal({ x: 9, y: 5 }, { maxPathM: 5 });
    const ticks = Array.from({ length: 90 }, (_, i) => planner.tick({ x: 5, y: 5, yaw: 0 }, i / 10));
    expect(ticks.some(({ state, doubt }) => state.status === "recovering" || doubt !== undefined)).toBe(false);
    expect(ticks.flatMap(({ done }) => done)).toMatchObject([{ status: "blocked" }]);
  });

  test("does not step back into what stands behind the robot", () => {
    const { sim, planner } = stage({ blocks: [block(4.5, 5, 0.2, 2)] });
    planner.setGoal({ x: 9, y: 5 });
    // Something holds the robot when it wants to go forward: it is stuck, and steps back as far as there is room.
    for (let i = 0; i < 460 && planner.hasGoal; i++) {
      const { command } = planner.tick(sim.pose, sim.timeSeconds);
      sim.move(Math.min(command.vx, 0), 0, command.vyaw);
      sim.step(0.1);
    }
    expect(planner.hasGoal).toBe(false);
    expect(sim.truth.collisions).toBe(0);
  });
});

describe("bad input", () => {
  test("is refused with a sentence: goals, poses and maps that are none", () => {
    const { planner } = stage();
    expect(() => planner.setGoal({ x: Number.NaN, y: 0 })).toThrow(/is not a goal. Give finite numbers/);
    expect(() => planner.setGoal({ x: 0, y: 0, yaw: Number.POSITIVE_INFINITY })).toThrow(/is not a goal/);
    expect(planner.hasGoal).toBe(false);
    expect(() => planner.tick({ x: Number.NaN, y: 0, yaw: 0 }, 0)).toThrow(/is not a pose. Check the odometry/);
    const info = { resolution: 0, width: 2, height: 2, origin: { position: { x: 0, y: 0 } } };
    expect(() => planner.setCostmap({ info, data: new Int8Array(4) })).toThrow(/A map of 2 x 2 cells of 0 m/);
  });
});
