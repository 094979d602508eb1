import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blueprintPackage, EXPLODES, packageTree } from "../test/package-tree.ts";
import { discover } from "./discover.ts";

const namesFrom = (from: string, alsoFrom?: string) =>
  discover({ from, alsoFrom }).entries.map((entry) => entry.qualifiedName);

test("G1 listing reads package.json and imports nothing", () => {
  const root = packageTree({
    "package.json": { name: "bot", dependencies: { "@acme/rover": "^1.0.0" } },
    "main.js": EXPLODES,
    "node_modules/@acme/rover/package.json": {
      name: "@acme/rover",
      version: "1.2.0",
      dimos: {
        apiVersion: 1,
        namespace: "acme-rover",
        blueprints: { patrol: { entry: "./dist/patrol.js", export: "nightPatrol", description: "Walks the fence" } },
        modules: { RoverConnection: "./dist/connection.js" },
      },
    },
    "node_modules/@acme/rover/dist/patrol.js": EXPLODES,
    "node_modules/@acme/rover/dist/connection.js": EXPLODES,
  });

  const { entries, warnings } = discover({ from: join(root, "main.js") });

  const shared = { package: "@acme/rover", version: "1.2.0", own: false };
  expect(warnings).toEqual([]);
  expect(entries).toEqual([
    {
      ...shared,
      kind: "blueprint",
      name: "patrol",
      label: "acme-rover.patrol",
      qualifiedName: "acme-rover.patrol",
      description: "Walks the fence",
      entry: join(root, "node_modules/@acme/rover/dist/patrol.js"),
      export: "nightPatrol",
    },
    {
      ...shared,
      kind: "module",
      name: "RoverConnection",
      label: "acme-rover.RoverConnection",
      qualifiedName: "acme-rover.RoverConnection",
      description: "",
      entry: join(root, "node_modules/@acme/rover/dist/connection.js"),
      export: "RoverConnection",
    },
  ]);
});

test("G1 finds dependencies of every kind, and not what they depend on in turn", () => {
  const root = packageTree({
    "package.json": {
      name: "bot",
      dependencies: { a: "1" },
      devDependencies: { b: "1" },
      optionalDependencies: { c: "1" },
      peerDependencies: { d: "1" },
    },
    "node_modules/a/package.json": { ...blueprintPackage("a", "a", "run"), dependencies: { hidden: "1" } },
    "node_modules/b/package.json": blueprintPackage("b", "b", "run"),
    "node_modules/c/package.json": blueprintPackage("c", "c", "run"),
    "node_modules/d/package.json": blueprintPackage("d", "d", "run"),
    "node_modules/hidden/package.json": blueprintPackage("hidden", "hidden", "run"),
    "node_modules/stray/package.json": blueprintPackage("stray", "stray", "run"),
  });
  expect(namesFrom(root).sort()).toEqual(["a.run", "b.run", "c.run", "d.run"]);
});

test("finds this project from a file deep inside it, past a package.json that only sets the module type", () => {
  const root = packageTree({
    "package.json": blueprintPackage("bot", "bot", "patrol"),
    "dist/package.json": { type: "module" },
    "dist/tools/main.js": EXPLODES,
  });
  expect(discover({ from: join(root, "dist/tools/main.js") }).entries).toMatchObject([
    { qualifiedName: "bot.patrol", own: true },
  ]);
});

test.each([
  ["pnpm", { "pnpm-workspace.yaml": "packages: [apps/*]" }, {}],
  ["npm", {}, { workspaces: ["apps/*"] }],
])("finds the dependencies of the root of a %s workspace", (_, files, fields) => {
  const root = packageTree({
    ...files,
    "package.json": { name: "root", devDependencies: { tool: "1" }, ...fields },
    "node_modules/tool/package.json": blueprintPackage("tool", "tool", "check"),
    "apps/bot/package.json": { name: "bot", dependencies: { rover: "1" } },
    "node_modules/rover/package.json": blueprintPackage("rover", "rover", "patrol"),
  });
  expect(namesFrom(join(root, "apps/bot"))).toEqual(["rover.patrol", "tool.check"]);
});

test("finds what is installed with the command, from a folder that belongs to no project", () => {
  const command = packageTree({
    "package.json": { name: "cli", dependencies: { mcp: "1", "not-installed": "1" } },
    "node_modules/mcp/package.json": blueprintPackage("mcp", "mcp", "serve"),
  });
  const { entries, warnings } = discover({ from: packageTree({}), alsoFrom: command });
  expect(entries.map((entry) => entry.qualifiedName)).toEqual(["mcp.serve"]);
  expect(warnings).toEqual([]);
});

test("a package installed twice counts where this project finds it", () => {
  const project = packageTree({
    "package.json": { name: "bot", dependencies: { rover: "2" } },
    "node_modules/rover/package.json": { ...blueprintPackage("rover", "rover", "patrol"), version: "2.0.0" },
  });
  const command = packageTree({
    "package.json": { name: "cli", dependencies: { rover: "1" } },
    "node_modules/rover/package.json": { ...blueprintPackage("rover", "rover", "patrol"), version: "1.0.0" },
  });
  expect(discover({ from: project, alsoFrom: command }).entries.map((entry) => entry.version)).toEqual(["2.0.0"]);
});

test("a project that is the root of its workspace, and has the command in itself, is listed once", () => {
  const root = packageTree({
    "package.json": { ...blueprintPackage("bot", "bot", "patrol"), workspaces: [], dependencies: { rover: "1" } },
    "node_modules/rover/package.json": blueprintPackage("rover", "rover", "patrol"),
  });
  expect(namesFrom(root, root)).toEqual(["bot.patrol", "rover.patrol"]);
});

test("names the real place of a linked dependency", () => {
  const rover = packageTree({ "package.json": blueprintPackage("rover", "rover", "patrol") });
  const root = packageTree({
    "package.json": { name: "bot", dependencies: { rover: "link:" } },
    "node_modules/other/package.json": {},
  });
  symlinkSync(rover, join(root, "node_modules/rover"));
  expect(discover({ from: root }).entries.map((entry) => entry.entry)).toEqual([join(rover, "dist/patrol.js")]);
});

test("G1 broken metadata of one package warns and hides only this package", () => {
  const root = packageTree({
    "package.json": { name: "bot", dependencies: { broken: "1", half: "1", rover: "1", future: "1" } },
    "node_modules/broken/package.json": `{ "name": "broken", "dimos": { `,
    "node_modules/half/package.json": { name: "half", dimos: { apiVersion: 1, namespace: "half", blueprints: [] } },
    "node_modules/future/package.json": { name: "future", dimos: { apiVersion: 2, anything: true } },
    "node_modules/rover/package.json": blueprintPackage("rover", "rover", "patrol"),
  });
  const { entries, warnings } = discover({ from: root });
  const file = (name: string) => join(root, "node_modules", name, "package.json");

  expect(entries.map((entry) => entry.qualifiedName)).toEqual(["rover.patrol"]);
  expect(warnings).toEqual([
    {
      package: join(root, "node_modules/broken"),
      file: file("broken"),
      message: expect.stringMatching(/^it was skipped: it is not valid JSON: /),
    },
    { package: "half", file: file("half"), message: `"dimos.blueprints" is not an object` },
    {
      package: "future",
      file: file("future"),
      message:
        "it is written for dimos package API 2, and this dimos reads API 1: update dimos, or install an older version of this package",
    },
  ]);
});

test("a package.json of this project that is broken hides neither its workspace nor the command's own packages", () => {
  const root = packageTree({
    "pnpm-workspace.yaml": "",
    "package.json": { name: "root", dependencies: { rover: "1" } },
    "node_modules/rover/package.json": blueprintPackage("rover", "rover", "patrol"),
    "apps/bot/package.json": "not json",
  });
  const { entries, warnings } = discover({ from: join(root, "apps/bot") });
  expect(entries.map((entry) => entry.qualifiedName)).toEqual(["rover.patrol"]);
  expect(warnings.map((warning) => warning.file)).toEqual([join(root, "apps/bot/package.json")]);
});

test("warns of dependencies of this project that are not installed, except of those a release leaves out", () => {
  const root = packageTree({
    "package.json": {
      name: "bot",
      dependencies: { rover: "1", gone: "1" },
      devDependencies: { tool: "1" },
      optionalDependencies: { native: "1" },
    },
    "node_modules/rover/package.json": blueprintPackage("rover", "rover", "patrol"),
  });
  expect(discover({ from: root }).warnings).toEqual([
    { package: "bot", file: join(root, "package.json"), message: "dependencies are not installed: gone" },
  ]);
});

test("a folder that vanished leaves nothing to find", () => {
  const root = packageTree({ "a/main.js": "" });
  rmSync(join(root, "a"), { recursive: true });
  expect(discover({ from: join(root, "a/main.js") }).entries).toEqual([]);
});
