import { describe, expect, test } from "vitest";
import { bareWorld, block } from "../../test/bare-world.ts";
import { planarDistance } from "../planar-pose.ts";
import { type Bump, Go2Simulator } from "./go2-simulator.ts";
import { POSTURE_CHANGE_S } from "./posture.ts";

/** Commands the velocity ten times a second for the given seconds. */
function drive(sim: Go2Simulator, seconds: number, vx: number, vy = 0, vyaw = 0): void {
  for (let i = 0; i < Math.round(seconds * 10); i++) {
    sim.move(vx, vy, vyaw);
    sim.step(0.1);
  }
}

describe("walking", () => {
  test("integrates the commanded velocity in its own body frame", () => {
    const sim = new Go2Simulator({ world: bareWorld(), start: { x: 5, y: 5, yaw: Math.PI / 2 } });
    drive(sim, 4, 0.5);
    expect(sim.pose.x).toBeCloseTo(5, 6);
    expect(sim.pose.y).toBeCloseTo(5 + 0.5 * (4 - 0.12), 1);
    expect(sim.truth.travelled).toBeCloseTo(sim.pose.y - 5, 9);
  });

  test("walks sideways and turns on the spot", () => {
    const sim = new Go2Simulator({ world: bareWorld() });
    drive(sim, 2, 0, 0.3);
    expect(sim.pose.y).toBeGreaterThan(5.5);
    drive(sim, 2, 0, 0, 0.5);
    expect(sim.pose.yaw).toBeCloseTo(0.5 * (2 - 0.12), 1);
  });

  test("follows a step of the command with a lag between 0.10 and 0.15 s", () => {
    const sim = new Go2Simulator({ world: bareWorld() });
    sim.move(1, 0, 0);
    sim.step(0.1);
    expect(sim.velocity.vx).toBeLessThan(0.632);
    sim.step(0.05);
    expect(sim.velocity.vx).toBeGreaterThan(0.632);
  });

  test("cuts a command to the robot's limits", () => {
    const sim = new Go2Simulator({ world: bareWorld() });
    sim.move(100, -100, 100);
    sim.step(0.5);
    const { vx, vy, vyaw } = sim.velocity;
    expect(vx).toBeCloseTo(1, 1);
    expect(vx).toBeLessThanOrEqual(1);
    expect(vy).toBeCloseTo(-0.5, 1);
    expect(vyaw).toBeCloseTo(1.5, 1);
  });

  test("comes to rest by itself half a second after the last command", () => {
    const sim = new Go2Simulator({ world: bareWorld() });
    drive(sim, 1, 0.55);
    sim.step(0.3);
    expect(sim.velocity.vx).toBeGreaterThan(0.5);
    sim.step(1.2);
    expect(sim.velocity).toEqual({ vx: 0, vy: 0, vyaw: 0 });
    const stopped = sim.pose;
    sim.step(1);
    expect(sim.pose).toEqual(stopped);
  });

  test("plants its feet when it is told to brake, and a zero command on the way does not soften that (I1)", () => {
    const brakingSteps = (stop: (sim: Go2Simulator, step: number) => void) => {
      const sim = new Go2Simulator({ world: bareWorld() });
      drive(sim, 2, 0.55);
      let steps = 0;
      for (; steps < 200 && sim.velocity.vx !== 0; steps++) {
        stop(sim, steps);
        sim.step(0.01);
      }
      return steps;
    };
    // 0.55 m/s at 6 m/s^2.
    expect(brakingSteps((sim, step) => void (step === 0 ? sim.brake() : sim.move(0, 0, 0)))).toBe(10);
    // The commands stopped, and half a second later, on its way to a standstill, its driver is gone.
    expect(brakingSteps((sim, step) => void (step === 44 && sim.move(0, 0, 0)))).toBe(brakingSteps(() => {}));
  });

  test("walks again after it has braked", () => {
    const sim = new Go2Simulator({ world: bareWorld() });
    drive(sim, 1, 0.5);
    sim.brake();
    drive(sim, 1, 0.5);
    expect(sim.velocity.vx).toBeGreaterThan(0.45);
  });

  test("stops within 0.6 s of a zero command", () => {
    const sim = new Go2Simulator({ world: bareWorld() });
    drive(sim, 2, 0.55);
    drive(sim, 0.6, 0);
    expect(sim.velocity.vx).toBeLessThan(0.005);
  });

  test("gives the same run whichever way the time is cut", () => {
    const run = (cut: number) => {
      const sim = new Go2Simulator({ world: bareWorld() });
      sim.move(0.5, 0.1, 0.4);
      for (let i = 0; i < Math.round(0.4 / cut); i++) sim.step(cut);
      return sim.pose;
    };
    expect(run(0.1)).toEqual(run(0.02));
    expect(run(0.004)).toEqual(run(0.02));
  });
});

describe("bad commands", () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %s, halts, and does not move on it", (bad) => {
    const sim = new Go2Simulator({ world: bareWorld() });
    const before = sim.pose;
    for (const [vx, vy, vyaw] of [
      [bad, 0, 0],
      [0, bad, 0],
      [0, 0, bad],
    ] as const) {
      expect(() => sim.move(vx, vy, vyaw)).toThrow(/is not a velocity, the robot stops/);
      sim.step(0.5);
    }
    expect(sim.pose).toEqual(before);
    drive(sim, 1, 0.5);
    expect(() => sim.move(bad, 0, 0)).toThrow();
    sim.step(0.8);
    expect(sim.velocity.vx).toBe(0);
  });

  test("refuses a time step that is none", () => {
    const sim = new Go2Simulator({ world: bareWorld() });
    expect(() => sim.step(Number.NaN)).toThrow(/is not a time/);
    expect(() => sim.step(-1)).toThrow(/is not a time/);
  });
});

describe("posture", () => {
  test("walks only while it stands", () => {
    const sim = new Go2Simulator({ world: bareWorld(), posture: "lying" });
    expect(sim.move(0.5, 0, 0)).toBe(false);
    sim.step(0.4);
    expect(sim.pose).toEqual({ x: 5, y: 5, yaw: 0 });
    sim.standUp();
    sim.step(POSTURE_CHANGE_S / 2);
    expect(sim.posture).toBe("rising");
    expect(sim.baseHeight).toBeCloseTo(0.2, 2);
    expect(sim.move(0.5, 0, 0)).toBe(false);
    sim.step(POSTURE_CHANGE_S / 2);
    expect(sim.posture).toBe("standing");
    expect(sim.move(0.5, 0, 0)).toBe(true);
  });

  test("stops walking when it lies down", () => {
    const sim = new Go2Simulator({ world: bareWorld() });
    drive(sim, 1, 0.5);
    sim.lieDown();
    const before = sim.pose;
    sim.step(2);
    expect(sim.posture).toBe("lying");
    expect(planarDistance(before, sim.pose)).toBeLessThan(0.1);
    expect(sim.baseHeight).toBeCloseTo(0.1, 9);
  });
});

describe("collision", () => {
  test("stops in front of a block, and counts and reports one bump however long it pushes", () => {
    const sim = new Go2Simulator({ world: bareWorld(block(7, 5, 1, 1)) });
    const bumps: Bump[] = [];
    const unsubscribe = sim.onBump((bump) => bumps.push(bump));
    drive(sim, 5, 0.55);
    expect(sim.pose.x).toBeGreaterThan(6.2);
    expect(sim.pose.x).toBeLessThan(6.25);
    expect(sim.inContact).toBe(true);
    expect(sim.truth.collisions).toBe(1);
    expect(bumps).toEqual([{ time: expect.any(Number), pose: expect.any(Object), obstacle: "block" }]);
    unsubscribe();
    drive(sim, 1, -0.5);
    expect(sim.inContact).toBe(false);
    drive(sim, 2, 0.5);
    expect(sim.truth.collisions).toBe(2);
    expect(bumps.length).toBe(1);
  });

  test("knows the smallest gap and clearance of the run", () => {
    const sim = new Go2Simulator({ world: bareWorld(block(5, 5.9, 0.4, 0.4)), start: { x: 3, y: 5, yaw: 0 } });
    drive(sim, 8, 0.5);
    expect(sim.truth.smallestClearance).toBeCloseTo(0.7, 2);
    expect(sim.truth.smallestGap).toBeCloseTo(0.55, 2);
    expect(sim.truth.gap).toBeGreaterThan(1);
  });

  test("passes under what hangs higher than the robot", () => {
    const sim = new Go2Simulator({ world: bareWorld({ ...block(6, 5, 0.5, 2), bottom: 0.7, top: 0.75 }) });
    drive(sim, 4, 0.55);
    expect(sim.pose.x).toBeGreaterThan(7);
    expect(sim.truth.collisions).toBe(0);
  });

  test("meets an obstacle that was put in its way, and passes once it is taken out", () => {
    const sim = new Go2Simulator({ world: bareWorld() });
    expect(() => sim.addObstacle(block(5.1, 5, 0.3, 0.3))).toThrow(/the robot .* is inside an obstacle \(block\)/);
    const remove = sim.addObstacle(block(6, 5, 0.3, 0.3));
    drive(sim, 3, 0.5);
    expect(sim.pose.x).toBeLessThan(5.6);
    remove();
    drive(sim, 3, 0.5);
    expect(sim.pose.x).toBeGreaterThan(6.5);
  });

  test("does not start inside a wall or off the floor", () => {
    const world = bareWorld(block(5.3, 5, 0.4, 3));
    expect(() => new Go2Simulator({ world })).toThrow(
      /The start pose \(x 5.00, y 5.00\) is inside an obstacle \(block\)/,
    );
    expect(() => new Go2Simulator({ world, start: { x: 12, y: 1, yaw: 0 } })).toThrow(
      /off the floor, which is 10 m by 10 m/,
    );
    expect(() => new Go2Simulator({ world, start: { x: Number.NaN, y: 1, yaw: 0 } })).toThrow(/off the floor/);
  });
});
