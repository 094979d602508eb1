import { kebabCase as kebabCaseOfCore } from "@dimos/core";
import { expect, test } from "vitest";
import { camelCase, kebabCase } from "./name-case.ts";

test.each([
  ["McpServer", "mcp-server"],
  ["MCPServer", "mcp-server"],
  ["Go2Connection", "go2-connection"],
  ["ReplanningAStarPlanner", "replanning-a-star-planner"],
  ["camera", "camera"],
  ["Stress_Test", "stress_test"],
])("G3 writes the class name %s as %s", (name, expected) => {
  expect(kebabCase(name)).toBe(expected);
  expect(kebabCaseOfCore(name)).toBe(expected);
});

test.each([
  ["patrol", "patrol"],
  ["unitree-go2-agentic", "unitreeGo2Agentic"],
  ["slow_patrol", "slowPatrol"],
])("writes the blueprint name %s as the export %s", (name, expected) => {
  expect(camelCase(name)).toBe(expected);
});
