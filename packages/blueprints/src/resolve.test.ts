import { join } from "node:path";
import { expect, test } from "vitest";
import { blueprintPackage, EXPLODES, packageTree } from "../test/package-tree.ts";
import { BlueprintRegistry } from "./registry.ts";

const root = packageTree({
  "package.json": {
    ...blueprintPackage("bot", "bot", "patrol"),
    dependencies: { "@acme/rover": "1", "@big/co": "1", plain: "1" },
  },
  "bot.ts": EXPLODES,
  "arm.mjs": EXPLODES,
  "node_modules/@acme/rover/package.json": {
    ...blueprintPackage("@acme/rover", "acme-rover", "patrol", "mow", "dry-run"),
    exports: { ".": { types: "./index.d.ts", default: "./index.js" }, "./extra/*": "./lib/*.js" },
  },
  "node_modules/@big/co/package.json": blueprintPackage("@big/co", "big", "mow"),
  "node_modules/plain/package.json": { name: "plain", version: "0.3.0", main: "./lib/main.js" },
});
const registry = BlueprintRegistry.discover({ from: root, cwd: root });
const rover = join(root, "node_modules/@acme/rover");

test.each([
  ["patrol", join(root, "dist/patrol.js"), "patrol"],
  ["acme-rover.patrol", join(rover, "dist/patrol.js"), "patrol"],
  ["big.mow", join(root, "node_modules/@big/co/dist/mow.js"), "mow"],
  ["./bot.ts", join(root, "bot.ts"), undefined],
  ["./bot.ts#patrol", join(root, "bot.ts"), "patrol"],
  ["bot.ts", join(root, "bot.ts"), undefined],
  ["arm.mjs#grip", join(root, "arm.mjs"), "grip"],
  [join(root, "bot.ts"), join(root, "bot.ts"), undefined],
  [`file://${join(root, "bot.ts")}#patrol`, join(root, "bot.ts"), "patrol"],
  ["@acme/rover#patrol", join(rover, "dist/patrol.js"), "patrol"],
  ["@acme/rover#dry-run", join(rover, "dist/dry-run.js"), "dryRun"],
  ["@acme/rover#dryRun", join(rover, "dist/dry-run.js"), "dryRun"],
  ["@acme/rover#somethingElse", join(rover, "index.js"), "somethingElse"],
  ["@acme/rover/extra/arm#grip", join(rover, "lib/arm.js"), "grip"],
  ["plain#patrol", join(root, "node_modules/plain/lib/main.js"), "patrol"],
])("G2 resolves %s", (name, entry, exportName) => {
  expect(registry.resolve(name)).toMatchObject({ entry, export: exportName });
});

test("G2 a file target names the package it lies in", () => {
  expect(registry.resolve("./bot.ts#patrol")).toEqual({
    label: "./bot.ts#patrol",
    package: "bot",
    version: "1.2.0",
    entry: join(root, "bot.ts"),
    export: "patrol",
  });
});

test("G2 an ambiguous bare name lists the qualified ones", () => {
  expect(() => registry.resolve("mow")).toThrow(
    expect.objectContaining({
      code: "AMBIGUOUS_NAME",
      message: `"mow" is ambiguous. Use one of: acme-rover.mow, big.mow`,
    }),
  );
});

test("G2 two packages with one namespace are told apart by package name", () => {
  const both = packageTree({
    "package.json": { name: "bot", dependencies: { "@a/x": "1", "@b/x": "1" } },
    "node_modules/@a/x/package.json": blueprintPackage("@a/x", "x", "go"),
    "node_modules/@b/x/package.json": blueprintPackage("@b/x", "x", "go"),
  });
  const twins = BlueprintRegistry.discover({ from: both });
  expect(() => twins.resolve("x.go")).toThrow(`"x.go" is ambiguous. Use one of: @a/x#go, @b/x#go`);
  expect(twins.resolve("@b/x#go").package).toBe("@b/x");
});

test.each([
  ["./gone.ts", `No such file: ${join(root, "gone.ts")}`],
  ["./node_modules", `${join(root, "node_modules")} is a folder. Name a file in it.`],
  ["@acme/drone#fly", `The package @acme/drone is not installed. Looked from: ${root}`],
  ["@acme/rover/hidden#x", `@acme/rover 1.2.0 does not export "./hidden"`],
])("G2 says what is wrong with %s", (name, message) => {
  expect(() => registry.resolve(name)).toThrow(expect.objectContaining({ code: "TARGET_NOT_FOUND", message }));
});
