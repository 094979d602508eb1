import { expect, it } from "vitest";
import { maskRead } from "./mask-read.ts";

const SCHEMA = {
  properties: {
    pin: { type: "string", secret: true },
    login: { properties: { user: { type: "string" }, phrase: { type: "string", writeOnly: true } } },
    hosts: { type: "array", items: { properties: { key: { type: "string", secret: true } } } },
    vault: { type: "object", secret: true },
  },
};

const CONFIG = {
  pin: "1234",
  login: { user: "ada", phrase: "open" },
  hosts: [{ name: "a", key: "b" }],
  vault: { door: "c" },
  apiKey: "by its name",
  speed: 0.5,
};

const at = (path: readonly string[]) =>
  path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], { config: CONFIG });

it.each<readonly [path: string, shown: unknown]>([
  [
    "config",
    {
      pin: "***",
      login: { user: "ada", phrase: "***" },
      hosts: [{ name: "a", key: "***" }],
      vault: "***",
      apiKey: "***",
      speed: 0.5,
    },
  ],
  ["config.pin", "***"],
  ["config.pin.length", "***"],
  ["config.login", { user: "ada", phrase: "***" }],
  ["config.login.phrase", "***"],
  ["config.login.user", "ada"],
  ["config.login.user.length", 3],
  ["config.hosts.0", { name: "a", key: "***" }],
  ["config.hosts.0.key", "***"],
  ["config.vault.door", "***"],
  ["config.apiKey", "***"],
  ["config.speed", 0.5],
])("dimos get M.%s shows no secret of the config", async (path, shown) => {
  const steps = path.split(".");
  expect(await maskRead(at(steps), steps, SCHEMA, async () => CONFIG)).toEqual(shown);
});

it.each<readonly [path: string, value: unknown, shown: unknown]>([
  [
    "_client",
    { apiKey: "x", tokens: 12, inner: [{ password: "y" }] },
    { apiKey: "***", tokens: 12, inner: [{ password: "***" }] },
  ],
  ["_client.apiKey", "x", "***"],
  ["_client.token", "", ""],
  ["_usage.tokens", 12, 12],
  ["config.free", "config without a schema", "config without a schema"],
])("dimos get M.%s masks a text that its name says is a secret", async (path, value, shown) => {
  expect(await maskRead(value, path.split("."), undefined, () => Promise.reject(new Error("not read")))).toEqual(shown);
});

it("what is no plain object is left to whoever prints it", async () => {
  const scan = new Uint8Array(3);
  expect(await maskRead(scan, ["_scan"], undefined, async () => undefined)).toBe(scan);
});
