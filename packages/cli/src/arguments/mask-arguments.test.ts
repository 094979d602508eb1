import { Module, moduleFields } from "@dimos/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { maskArguments } from "./mask-arguments.ts";

it("masks what secret flags are given, and quotes the rest for a shell", () => {
  const args = [
    "dimos",
    "run",
    "x",
    "--api-token",
    "abc",
    "--robot.password=abc",
    "--name",
    "it's",
    "--token",
    "--daemon",
  ];
  expect(maskArguments(args)).toBe(
    "dimos run x --api-token *** --robot.password=*** --name 'it'\\''s' --token --daemon",
  );
});

const secret = z.string().meta({ secret: true });
class Cloud extends Module({
  source: import.meta.url,
  config: z.object({
    url: z.string().default("wss://x"),
    pin: secret.optional(),
    login: z.object({ user: z.string(), phrase: secret }).optional(),
    isPaid: z.boolean().default(false),
  }),
}) {}
const fields = moduleFields(Cloud.blueprint().entries);

it.each([
  ["a value", ["--pin", "abc"], "--pin ***"],
  ["a value behind =", ["--pin=a=b"], "--pin=***"],
  ["a value under the qualified name", ["--cloud.pin", "abc"], "--cloud.pin ***"],
  ["a value with dashes", ["--pin", "--abc", "--is-paid", "--url", "x"], "--pin *** --is-paid --url x"],
  ["a value of several lines", ["--pin=a\nb"], "--pin=***"],
  ["a member", ["--login", '{"user":"ada","phrase":"p"}'], `--login '{"user":"ada","phrase":"***"}'`],
  ["a member behind =", ['--cloud.login={"phrase":"p"}'], `'--cloud.login={"phrase":"***"}'`],
  ["broken JSON", ["--login", '{"phrase":"p"'], "--login ***"],
])("masks what the schema of a setting calls a secret: %s", (_, args, shown) => {
  expect(maskArguments(["dimos", "run", "cloud", ...args], fields)).toBe(`dimos run cloud ${shown}`);
});

it("masks members of JSON that are called a secret, for a program whose settings are not known", () => {
  const json = '{"Cloud": {"accessToken": "abc", "tries": [{"password": 1}], "user": "ada"}}';
  expect(maskArguments(["bot.js", json, "--settings", json, "--plain", '{"user": "ada"}'])).toBe(
    `bot.js '{"Cloud":{"accessToken":"***","tries":[{"password":"***"}],"user":"ada"}}' --settings '{"Cloud":{"accessToken":"***","tries":[{"password":"***"}],"user":"ada"}}' --plain '{"user": "ada"}'`,
  );
});
