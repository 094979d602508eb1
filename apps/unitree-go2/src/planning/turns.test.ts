import { degreesFromRadians, radiansFromDegrees } from "@dimos/msgs";
import { describe, expect, test } from "vitest";
import { bareWorld, block } from "../../test/bare-world.ts";
import { driveUntilDone } from "../../test/drive.ts";
import { mapOf } from "../../test/grid-drawing.ts";
import { goalOfMove, type RelativeMove } from "../modules/relative-move.ts";
import { TurnedAngle } from "../modules/turned-angle.ts";
import { Go2Simulator } from "../simulator/go2-simulator.ts";
import type { Box } from "../world/shape.ts";
import { GlobalPlanner } from "./global-planner.ts";

/** A robot on a known floor that makes moves, one after the other, and says how far it really turned. */
function stage(...blocks: Box[]) {
  const sim = new Go2Simulator({ world: bareWorld(...blocks) });
  const planner = new GlobalPlanner();
  planner.setCostmap(mapOf(10, 10, 0.05, (x, y) => sim.world.distanceFrom(x, y) < 0.025));
  const move = ({ forward = 0, left = 0, degrees = 0 }: Partial<RelativeMove>) => {
    const { goal, options } = goalOfMove(sim.pose, { forward, left, degrees });
    planner.setGoal(goal, { maxPathM: Math.hypot(forward, left) + 0.5, ...options });
    const turned = new TurnedAngle(sim.pose);
    const seen: number[] = [];
    const look = () => {
      turned.add(sim.pose);
      seen.push(degreesFromRadians(turned.radians));
    };
    const result = driveUntilDone(sim, planner, { onTick: look });
    look();
    return { ...result, turnedDegrees: seen.at(-1) as number, most: Math.max(...seen), least: Math.min(...seen) };
  };
  return { sim, planner, move };
}

test.each([180, -180, 270, -270, 360, 720, -1080])("turns %d degrees: this way round, and this far", (degrees) => {
  const { status, moved, turnedDegrees } = stage().move({ degrees });
  expect(status).toBe("reached");
  expect(Math.abs(turnedDegrees - degrees)).toBeLessThan(6);
  expect(moved).toBeLessThan(0.1);
});

test("a full turn on the way to the side is made as well", () => {
  const { sim, move } = stage();
  const { status, turnedDegrees } = move({ left: 1, degrees: 360 });
  expect([status, sim.pose.y > 5.85]).toEqual(["reached", true]);
  expect(Math.abs(turnedDegrees - 360)).toBeLessThan(6);
});

test.each([90, -90, 0, 20, -20])("on a way back, the robot turns round the way that it ends: %d degrees", (degrees) => {
  const { status, turnedDegrees, most, least } = stage().move({ forward: -2, degrees });
  expect(status).toBe("reached");
  expect(Math.abs(turnedDegrees - degrees)).toBeLessThan(6);
  expect(most - least).toBeLessThan(200);
});

test("ends at the heading of the goal, also when the robot was turned before the first tick", () => {
  const { sim, planner } = stage();
  planner.setGoal({ x: 5, y: 5, yaw: radiansFromDegrees(-170) }, { turnRad: radiansFromDegrees(180) });
  driveUntilDone(sim, planner);
  expect(Math.abs(degreesFromRadians(sim.pose.yaw) - -170)).toBeLessThan(6);
});

describe("a move within the planner's tolerance", () => {
  test.each([{ degrees: 4 }, { degrees: -2 }, { degrees: 14 }])("is begun: %o", (asked) => {
    const { status, turnedDegrees } = stage().move(asked);
    expect(status).toBe("reached");
    expect(turnedDegrees / asked.degrees).toBeGreaterThan(0.45);
    expect(turnedDegrees / asked.degrees).toBeLessThan(1.3);
  });

  test.each([{ forward: 0.04 }, { forward: -0.02 }, { left: 0.15 }])("is begun: %o", (asked) => {
    const { status, moved } = stage().move(asked);
    const distance = Math.hypot(asked.forward ?? 0, asked.left ?? 0);
    expect(status).toBe("reached");
    expect(moved / distance).toBeGreaterThan(0.45);
    expect(moved / distance).toBeLessThan(1.3);
  });

  test("is blocked where there is no room for it, and never reached", () => {
    const { sim, move } = stage(block(5.55, 5, 0.3, 3), block(5, 5.4, 0.6, 0.3), block(5, 4.6, 0.6, 0.3));
    expect(move({ forward: 0.19 })).toMatchObject({ status: "blocked", error: expect.stringMatching(/stopped/i) });
    expect(sim.truth.collisions).toBe(0);
  });
});

test("a move backwards stops in front of what is behind", () => {
  const { sim, move } = stage(block(4, 5, 0.2, 4));
  const { status, error, moved } = move({ forward: -1 });
  expect({ status, error }).toEqual({
    status: "blocked",
    error: expect.stringMatching(/in the way|too near to an obstacle/),
  });
  expect(moved).toBeLessThan(0.7);
  expect(sim.truth.collisions).toBe(0);
});
