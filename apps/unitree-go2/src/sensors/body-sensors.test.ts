import { describe, expect, test } from "vitest";
import { planarDistance } from "../planar-pose.ts";
import { Battery } from "./battery.ts";
import { InertialUnit } from "./inertial-unit.ts";
import { Odometer } from "./odometer.ts";

const start = { x: 2, y: 3, yaw: 0.5 };
const along = (metres: number) => ({ x: 2 + metres * Math.cos(0.5), y: 3 + metres * Math.sin(0.5), yaw: 0.5 });

describe("odometer", () => {
  test("is exact unless drift is asked for", () => {
    const odometer = new Odometer(start);
    expect(odometer.update(along(4))).toEqual(along(4));
  });

  test("drifts with the way, not with the number of steps, and the same for the same seed", () => {
    const error = (seed: number, steps: number) => {
      const odometer = new Odometer(start, { seed, driftPerMetre: 0.02, yawDriftPerMetre: 0.01 });
      let estimate = start;
      for (let i = 1; i <= steps; i++) estimate = odometer.update(along((9 * i) / steps));
      return planarDistance(estimate, along(9));
    };
    const mean = (steps: number) =>
      Array.from({ length: 40 }, (_, seed) => error(seed, steps)).reduce((a, b) => a + b) / 40;
    expect(error(1, 50)).toBe(error(1, 50));
    expect(mean(50)).toBeGreaterThan(0.05);
    expect(mean(50)).toBeLessThan(0.4);
    expect(mean(500) / mean(50)).toBeGreaterThan(0.5);
    expect(mean(500) / mean(50)).toBeLessThan(2);
  });

  test("does not drift while the robot stands", () => {
    const odometer = new Odometer(start, { driftPerMetre: 0.1, yawDriftPerMetre: 0.1 });
    for (let i = 0; i < 100; i++) odometer.update(start);
    expect(odometer.update(start)).toEqual(start);
  });
});

describe("inertial unit", () => {
  const exact = { seed: 1, gyroNoise: 0, accelerationNoise: 0 };

  test("measures gravity at rest, and the push when the robot starts", () => {
    const unit = new InertialUnit(exact);
    const rest = unit.measure({ vx: 0, vy: 0, vyaw: 0 }, 0.02);
    expect(rest.linearAcceleration).toEqual({ x: 0, y: 0, z: 9.81 });
    expect(unit.measure({ vx: 0.1, vy: 0, vyaw: 0 }, 0.02).linearAcceleration.x).toBeCloseTo(5, 9);
  });

  test("measures the turn and the pull towards its middle", () => {
    const unit = new InertialUnit(exact);
    unit.measure({ vx: 0.5, vy: 0, vyaw: 1 }, 0.02);
    const { angularVelocity, linearAcceleration } = unit.measure({ vx: 0.5, vy: 0, vyaw: 1 }, 0.02);
    expect(angularVelocity.z).toBe(1);
    expect(linearAcceleration.y).toBeCloseTo(0.5, 9);
  });

  test("is noisy by default", () => {
    const unit = new InertialUnit({ seed: 2 });
    expect(unit.measure({ vx: 0, vy: 0, vyaw: 0 }, 0.02).angularVelocity.z).not.toBe(0);
  });
});

describe("battery", () => {
  test("lasts longer standing than walking, and longest lying, and never goes below empty", () => {
    const left = (vx: number, posture: "standing" | "lying") =>
      new Battery().draw({ vx, vy: 0, vyaw: 0 }, posture, 3600);
    expect(left(0, "lying").charge).toBe(7);
    expect(left(0, "standing").charge).toBe(5);
    expect(left(0.5, "standing").charge).toBe(2);
    const empty = new Battery(0.1).draw({ vx: 1, vy: 0, vyaw: 0 }, "standing", 7200);
    expect(empty).toMatchObject({ charge: 0, percentage: 0, current: -9, present: true });
  });
});
