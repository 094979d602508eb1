import { isSecret, moduleFields } from "@dimos/core";
import { expect, test } from "vitest";
import { Agent } from "./agent.ts";

test("the key of a model is a secret, and nothing else is; every setting says what it is for", () => {
  const fields = moduleFields(Agent.blueprint().entries);
  expect(fields.filter(({ schema }) => isSecret(schema)).map(({ name }) => name)).toEqual(["apiKey"]);
  expect(fields.filter(({ schema }) => typeof schema.description !== "string")).toEqual([]);
});
