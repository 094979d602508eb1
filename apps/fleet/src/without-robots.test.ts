import { expect, test } from "vitest";
import { withoutRobots } from "./without-robots.ts";

test("leaves out what is on a robot, and keeps the floor under it, what hangs over it and what stands beside it", () => {
  const onRobot = [2.2, 3.1, 0.3];
  const rest = [2.2, 3.1, 0.01, 2.2, 3.1, 1.5, 2.5, 3.1, 0.3];
  const points = Float32Array.from([...rest.slice(0, 3), ...onRobot, ...rest.slice(3)]);
  expect(withoutRobots(points, [{ x: 2, y: 3 }])).toEqual(Float32Array.from(rest));
  expect(withoutRobots(points, [])).toEqual(points);
});
