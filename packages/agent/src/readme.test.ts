import { ModuleCoordinator } from "@dimos/core";
import { expect, test } from "vitest";
import { clever, talkative } from "../test/readme.ts";

test.each([
  ["the parser", talkative],
  ["a model, which is not asked before somebody says something", clever],
])("the README's robot starts with %s", async (_what, blueprint) => {
  await using run = await ModuleCoordinator.build(blueprint, { globals: { nWorkers: 0, consoleLevel: "silent" } });
  expect(run.listModules().map(({ instance, state }) => `${instance} ${state}`)).toEqual([
    "Robot running",
    "Agent running",
  ]);
});
