import { expect, it } from "vitest";
import { z } from "zod";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { Module } from "../module/module.ts";
import { globalFields, moduleFields } from "./fields.ts";
import { resolveConfig } from "./resolve.ts";
import { maskSecrets, maskValue } from "./secrets.ts";

const source = import.meta.url;
const secret = z.string().meta({ secret: true });
const Login = z.object({ user: z.string(), password: secret }).meta({ id: "dimos.test.Login" });
class Cloud extends Module({
  source,
  config: z.object({
    url: z.string().default("wss://x"),
    token: secret.default("none"),
    key: z.string().optional().meta({ writeOnly: true }),
    pin: z.number().meta({ secret: true }).nullable().default(null),
    login: Login.optional(),
    logins: z.array(Login).default([]),
    headers: z.record(z.string(), secret).default({}),
    pair: z.tuple([z.string(), secret]).optional(),
  }),
}) {}

const blueprint = autoconnect(Cloud.blueprint(), Cloud.blueprint().namespace("robot0"));
const fields = [...globalFields(), ...moduleFields(blueprint.entries)];

const given = {
  url: "wss://robots",
  token: "abc",
  key: "k",
  pin: 1234,
  login: { user: "ada", password: "p" },
  logins: [{ user: "bob", password: "q" }],
  headers: { authorization: "Bearer x" },
  pair: ["open", "closed"],
};
const shown = {
  url: "wss://robots",
  token: "***",
  key: "***",
  pin: "***",
  login: { user: "ada", password: "***" },
  logins: [{ user: "bob", password: "***" }],
  headers: { authorization: "***" },
  pair: ["open", "***"],
};

it("masks what the schema calls a secret, wherever it stands, and nothing else", () => {
  expect(maskSecrets({ nWorkers: 2, Cloud: given, robot0_cloud: given }, fields)).toEqual({
    nWorkers: 2,
    Cloud: shown,
    robot0_cloud: shown,
  });
  expect(given.login.password).toBe("p");
});

it("masks a setting that is addressed by its short name, and shows that one is not set", () => {
  expect(maskSecrets({ token: "abc", url: "u", pin: null }, fields)).toEqual({ token: "***", url: "u", pin: null });
});

it("masks the values of resolved settings, defaults too", async () => {
  const { settings } = await resolveConfig(blueprint, { overrides: { "robot0/Cloud": { key: "k" } } });
  const values = settings
    .filter(({ field }) => field.instance === "robot0/Cloud")
    .map((setting) => [setting.field.name, maskValue(setting.value, setting.field)]);
  expect(Object.fromEntries(values)).toEqual({
    url: "wss://x",
    token: "***",
    key: "***",
    pin: null,
    login: undefined,
    logins: [],
    headers: {},
    pair: undefined,
  });
});

it("keeps a secret out of the error about it", async () => {
  const env = { DIMOS_CLOUD__PIN: "my-password" };
  const error = await resolveConfig(blueprint, { env }).catch((reason: Error) => reason);
  expect((error as Error).message).toBe("DIMOS_CLOUD__PIN takes a value of type number or null, got ***");
});

it.each(["login", "logins", "headers", "pair"])(
  "keeps the secrets inside of a structure out of the error about it: %s",
  async (name) => {
    const env = { [`DIMOS_CLOUD__${name.toUpperCase()}`]: '{"password": "my-password"' };
    const error = await resolveConfig(blueprint, { env }).catch((reason: Error) => reason);
    expect((error as Error).message).toMatch(/ takes a value of type (JSON|object|array), got \*\*\*$/);
  },
);
