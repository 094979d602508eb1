import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ModuleCoordinator } from "@dimos/core";
import { describe, expect, test } from "vitest";
import { Agent, AgentConfig } from "../index.ts";
import { keyFor } from "./language-model.ts";
import { parseModelName } from "./model-name.ts";
import { openModel } from "./open-model.ts";
import { optionalPackages } from "./optional-package.ts";

const open = (settings: Record<string, unknown>, environment: Record<string, string> = {}) =>
  openModel(AgentConfig.parse(settings), environment);

describe("the text in `model`", () => {
  test("is provider:model; colons of its own are the model's", () => {
    expect(parseModelName("openai:gpt-5")).toEqual({ provider: "openai", id: "gpt-5" });
    expect(parseModelName("openai-compatible:llama3.2:3b")).toEqual({
      provider: "openai-compatible",
      id: "llama3.2:3b",
    });
  });

  test.each([
    ["openia:gpt-5", 'There is no model "openia:gpt-5". Did you mean "openai"'],
    ["offlin", 'There is no model "offlin". Did you mean "offline"?'],
    ["constructor:x", 'There is no model "constructor:x".'],
    ["openai", 'Say which model of openai: "openai:<model>"'],
    ["openai: ", 'Say which model of openai: "openai:<model>"'],
  ])("%j is refused with what would be right", async (model, sentence) => {
    await expect(open({ model })).rejects.toThrow(sentence);
  });
});

describe("a model that cannot be used", () => {
  test("for want of a key names the variable", async () => {
    await expect(open({ model: "openai:gpt-5" })).rejects.toThrow(
      'The model "openai:gpt-5" needs a key. Set OPENAI_API_KEY',
    );
    await expect(open({ model: "anthropic:x" }, { OPENAI_API_KEY: "k" })).rejects.toThrow("Set ANTHROPIC_API_KEY");
    await expect(open({ model: "google:x" }, { GOOGLE_GENERATIVE_AI_API_KEY: "" })).rejects.toThrow(
      "GOOGLE_GENERATIVE_AI_API_KEY",
    );
  });

  test("takes the key of the config before that of the environment, and none where none is needed", () => {
    const environment = { OPENAI_API_KEY: "of the environment" };
    expect(keyFor({ provider: "openai", id: "m" }, "of the config", environment)).toBe("of the config");
    expect(keyFor({ provider: "openai", id: "m" }, undefined, environment)).toBe("of the environment");
    expect(keyFor({ provider: "openai-compatible", id: "m" }, undefined, environment)).toBeUndefined();
  });

  test("for want of packages says what to install", async () => {
    const name = "@dimos/not-installed";
    await expect(optionalPackages(() => import(name), ["ai", name], 'The model "x:y"')).rejects.toThrow(
      `The model "x:y" needs packages that are not installed. Install them: npm install ai ${name}`,
    );
  });

  test("for want of an address asks for it", async () => {
    await expect(open({ model: "openai-compatible:m" })).rejects.toThrow("needs baseUrl in the config of the Agent");
  });

  test("fails the start of the run with that sentence", async () => {
    const { DIMOS_STATE_DIR, XDG_RUNTIME_DIR } = process.env;
    const env = { DIMOS_STATE_DIR, XDG_RUNTIME_DIR };
    const options = { globals: { nWorkers: 0, consoleLevel: "silent" }, env } as const;
    await expect(ModuleCoordinator.build(Agent.blueprint({ model: "opnai:gpt" }), options)).rejects.toThrow(
      'Agent failed to build: There is no model "opnai:gpt". Did you mean "openai"',
    );
  });
});

test.each([
  ["openai:m", "/responses", "authorization", "Bearer secret"],
  ["anthropic:m", "/messages", "x-api-key", "secret"],
  ["google:m", "/models/m:generateContent", "x-goog-api-key", "secret"],
  ["openai-compatible:m", "/chat/completions", "authorization", "Bearer secret"],
])("%s is asked at %s with its key", async (model, path, header, key) => {
  const asked: unknown[] = [];
  await using server = createServer((request, response) => {
    asked.push([request.url, request.headers[header]]);
    response.writeHead(418, { "content-type": "application/json" }).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const brain = await open({ model, baseUrl, apiKey: "secret", modelRetries: 0 });
  const turn = { text: "hello", signal: new AbortController().signal, skills: async () => [] };
  await expect(brain.answer(turn as never)).rejects.toMatchObject({ code: "MODEL_FAILED" });
  expect(asked).toEqual([[path, key]]);
  server.closeAllConnections();
});
