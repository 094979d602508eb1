import { expect, test } from "vitest";
import { didYouMean, suggest } from "./suggest.ts";

const blueprints = ["unitree-go2", "unitree-go2-agentic", "unitree-go2-basic", "acme-rover", "fleet"];

test.each([
  ["unitree-go3", blueprints, ["unitree-go2", "unitree-go2-agentic", "unitree-go2-basic"]],
  ["unitree-go2-agent", blueprints, ["unitree-go2-agentic", "unitree-go2"]],
  ["relative_move", ["relativeMove", "stop"], ["relativeMove"]],
  ["RELATIVEMOVE", ["relativeMove", "moveRelative"], ["relativeMove"]],
  ["mcp-server", ["McpServer", "McpClient"], ["McpServer"]],
  ["_safeGoal", ["_safeGoalClearance", "_goal", "_planner"], ["_safeGoalClearance"]],
  ["pnig", ["ping", "info", "slow"], ["ping"]],
  ["clearance", ["_safeGoalClearance", "speed"], ["_safeGoalClearance"]],
  ["xyz", ["ping", "info"], []],
  ["", ["ping"], []],
  ["nWorker", ["nWorkers", "logLevel"], ["nWorkers"]],
])("the names near %j among %j are %j", (wanted, known, expected) => {
  expect(suggest(wanted, known)).toEqual(expected);
});

test("at most three names are suggested, or as many as asked for", () => {
  const known = ["goal1", "goal2", "goal3", "goal4"];
  expect(suggest("goal", known)).toHaveLength(3);
  expect(suggest("goal", known, 1)).toEqual(["goal1"]);
});

test("the question names one, two or three", () => {
  expect(didYouMean("pnig", ["ping"])).toBe(' Did you mean "ping"?');
  expect(didYouMean("goal", ["goal1", "goal2"])).toBe(' Did you mean "goal1" or "goal2"?');
  expect(didYouMean("goal", ["goal1", "goal2", "goal3"])).toBe(' Did you mean "goal1", "goal2" or "goal3"?');
  expect(didYouMean("xyz", ["ping"])).toBe("");
});

test("an enormous name costs little", () => {
  const start = performance.now();
  expect(
    suggest(
      "x".repeat(10_000_000),
      Array.from({ length: 1000 }, (_, i) => `method${i}`),
    ),
  ).toEqual([]);
  expect(performance.now() - start).toBeLessThan(1000);
});
