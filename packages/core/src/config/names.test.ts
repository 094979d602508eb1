import { expect, it } from "vitest";
import { constantCase, kebabCase } from "./names.ts";

it.each([
  ["robotIp", "robot-ip", "ROBOT_IP"],
  ["Go2Connection", "go2-connection", "GO2_CONNECTION"],
  ["ReplanningAStarPlanner", "replanning-a-star-planner", "REPLANNING_A_STAR_PLANNER"],
  ["robot0/Camera", "robot0_camera", "ROBOT0_CAMERA"],
  ["HTTPServer", "http-server", "HTTP_SERVER"],
])("writes %s as %s and %s", (name, kebab, constant) => {
  expect(kebabCase(name)).toBe(kebab);
  expect(constantCase(name)).toBe(constant);
});
