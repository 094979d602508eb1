import { expect, test } from "vitest";
import { mapOf } from "../../test/grid-drawing.ts";
import { guardCommand } from "./command-guard.ts";
import { PlanningGrid } from "./planning-grid.ts";

/** A wall from x = 3 on. */
function wallAhead(robot: { x: number; y: number; yaw: number }, margin = 0): PlanningGrid {
  return new PlanningGrid(
    mapOf(6, 6, 0.05, (x) => x > 3),
    robot,
    [robot],
    margin,
  );
}

test("lets a command pass that leads nowhere near an obstacle", () => {
  const robot = { x: 1, y: 3, yaw: 0 };
  const command = { vx: 0.55, vy: 0.1, vyaw: 0.4 };
  expect(guardCommand(wallAhead(robot), robot, command)).toEqual(command);
});

test("does not walk into a wall, but still turns away from it", () => {
  const robot = { x: 2.6, y: 3, yaw: 0 };
  expect(guardCommand(wallAhead(robot), robot, { vx: 0.55, vy: 0, vyaw: 0.4 })).toEqual({ vx: 0, vy: 0, vyaw: 0.4 });
});

test("walks on beside a wall without turning into it", () => {
  const robot = { x: 2.78, y: 3, yaw: Math.PI / 2 };
  const command = { vx: 0.3, vy: 0, vyaw: -1 };
  expect(guardCommand(wallAhead(robot), robot, command)).toEqual({ vx: 0.3, vy: 0, vyaw: 0 });
});

test("steps back to where there is room when it can neither walk nor turn", () => {
  const robot = { x: 2.78, y: 3, yaw: Math.PI / 2 };
  const { vx, vy, vyaw } = guardCommand(wallAhead(robot), robot, { vx: 0, vy: 0, vyaw: -1 });
  expect(vyaw).toBe(0);
  expect(vy).toBeGreaterThan(0.1);
  expect(Math.abs(vx)).toBeLessThan(0.1);
});

test("stands still for a command to stand still", () => {
  const robot = { x: 2.78, y: 3, yaw: 0 };
  expect(guardCommand(wallAhead(robot), robot, { vx: 0, vy: 0, vyaw: 0 })).toEqual({ vx: 0, vy: 0, vyaw: 0 });
});

test("lets the robot leave an obstacle that it already touches", () => {
  const robot = { x: 2.74, y: 3, yaw: 0 };
  const { vx } = guardCommand(wallAhead(robot), robot, { vx: -0.3, vy: 0, vyaw: 0 });
  expect(vx).toBe(-0.3);
});

test("keeps a larger robot farther from a wall", () => {
  const robot = { x: 2.4, y: 3, yaw: 0 };
  const command = { vx: 0.1, vy: 0, vyaw: 0 };
  expect(guardCommand(wallAhead(robot), robot, command)).toEqual(command);
  expect(guardCommand(wallAhead(robot, 0.3), robot, command).vx).toBeLessThanOrEqual(0);
});

test("does not walk along an obstacle so near that a sway of the body would touch it", () => {
  const robot = { x: 1, y: 3, yaw: 0 };
  const beside = (gap: number) =>
    new PlanningGrid(
      // To the left of the robot, and not beside it yet.
      mapOf(6, 6, 0.01, (x, y) => x > 1.3 && y > 3 + 0.15 + gap),
      robot,
      [robot],
    );
  const command = { vx: 0.5, vy: 0, vyaw: 0 };
  expect(guardCommand(beside(0.06), robot, command)).toEqual(command);
  expect(guardCommand(beside(0.02), robot, command).vx).toBeLessThanOrEqual(0);
});
