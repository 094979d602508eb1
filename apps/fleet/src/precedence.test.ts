import { expect, test } from "vitest";
import type { FleetPose } from "./fleet-pose.ts";
import { Precedence } from "./precedence.ts";

const HERE = { x: 0, y: 0 };
/** A robot `x` metres ahead that walks towards here, or away with a positive `vx`. */
const at = (robot: string, x: number, vx: number): FleetPose => ({ robot, x, y: 0, yaw: 0, vx, vy: 0 });

test("of two that come near each other, the one whose name comes first goes on", () => {
  const second = new Precedence("robot1");
  second.hear(at("robot0", 3, -0.5), 0);
  expect(second.waitsFor(HERE, 0)).toBeUndefined();
  second.hear(at("robot0", 2, -0.5), 2);
  expect(second.waitsFor(HERE, 2)).toBe("robot0");
  const first = new Precedence("robot0");
  first.hear(at("robot1", 2, -0.5), 2);
  expect(first.waitsFor(HERE, 2)).toBeUndefined();
});

test("waits until the other has passed, and not only until it turns aside for a moment", () => {
  const second = new Precedence("robot1");
  second.hear(at("robot0", 2, -0.5), 0);
  expect(second.waitsFor(HERE, 0)).toBe("robot0");
  second.hear(at("robot0", 2.4, -0.5), 0.1);
  expect(second.waitsFor(HERE, 0.1), "not parted yet").toBe("robot0");
  second.hear(at("robot0", -0.8, -0.5), 5);
  expect(second.waitsFor(HERE, 5), "beside it").toBe("robot0");
  second.hear(at("robot0", -1.1, -0.5), 6);
  expect(second.waitsFor(HERE, 6)).toBeUndefined();
});

test("goes on when the other has stood for two seconds, and waits again when it walks", () => {
  const second = new Precedence("robot1");
  second.hear(at("robot0", 2, -0.5), 0);
  for (let s = 0.1; s < 2; s += 0.1) {
    second.hear(at("robot0", 1.9, 0), s);
    expect(second.waitsFor(HERE, s)).toBe("robot0");
  }
  second.hear(at("robot0", 1.9, 0), 2.1);
  expect(second.waitsFor(HERE, 2.1)).toBeUndefined();
  second.hear(at("robot0", 1.9, -0.3), 2.2);
  expect(second.waitsFor(HERE, 2.2)).toBe("robot0");
});

test("does not wait for a robot of which nothing is heard", () => {
  const second = new Precedence("robot1");
  second.hear(at("robot0", 2, -0.5), 0);
  expect(second.waitsFor(HERE, 0.9)).toBe("robot0");
  expect(second.waitsFor(HERE, 1.1)).toBeUndefined();
});

test("of three, the last one waits for both", () => {
  const third = new Precedence("robot2");
  third.hear(at("robot0", 3, -0.5), 0);
  third.hear(at("robot1", 2, -0.5), 0);
  expect(third.waitsFor(HERE, 0)).toBe("robot1");
  third.hear(at("robot0", 2, -0.5), 0.5);
  expect(third.waitsFor(HERE, 0.5)).toBe("robot0");
});
