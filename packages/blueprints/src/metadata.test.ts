import { expect, test } from "vitest";
import { parseMetadata } from "./metadata.ts";

const valid = { apiVersion: 1, namespace: "acme-rover" };

test("reads blueprints as objects and as bare paths, and modules", () => {
  expect(
    parseMetadata({
      ...valid,
      blueprints: {
        patrol: { entry: "./dist/patrol.js", export: "nightPatrol", description: "Walks the fence" },
        "dry-run": "./dist/dry-run.js",
      },
      modules: { RoverConnection: "./dist/connection.js" },
    }),
  ).toEqual({
    problems: [],
    metadata: {
      namespace: "acme-rover",
      offers: [
        {
          kind: "blueprint",
          name: "patrol",
          entry: "./dist/patrol.js",
          export: "nightPatrol",
          description: "Walks the fence",
        },
        { kind: "blueprint", name: "dry-run", entry: "./dist/dry-run.js", export: "dryRun", description: "" },
        {
          kind: "module",
          name: "RoverConnection",
          entry: "./dist/connection.js",
          export: "RoverConnection",
          description: "",
        },
      ],
    },
  });
});

test.each([
  [[], `"dimos" is not an object`],
  [{ namespace: "a" }, `"dimos.apiVersion" is missing or no number; write "apiVersion": 1`],
  [
    { ...valid, apiVersion: 3 },
    "it is written for dimos package API 3, and this dimos reads API 1: update dimos, or install an older version of this package",
  ],
  [
    { ...valid, apiVersion: 0 },
    "it is written for dimos package API 0, and this dimos reads API 1: install a newer version of this package",
  ],
  [{ apiVersion: 1 }, `"dimos.namespace" is not a name of letters, digits, "-" and "_", like "acme-rover"`],
  [
    { ...valid, blueprints: { "a.b": "./a.js" } },
    `"dimos.blueprints.a.b" is not named with letters, digits, "-" and "_"`,
  ],
  [{ ...valid, blueprints: { patrol: 3 } }, `"dimos.blueprints.patrol" is neither a path nor an object with "entry"`],
  [
    { ...valid, blueprints: { patrol: "dist/patrol.js" } },
    `"dimos.blueprints.patrol" is not a path inside the package that begins with "./"`,
  ],
  [
    { ...valid, blueprints: { patrol: { entry: "./../evil.js" } } },
    `"dimos.blueprints.patrol.entry" is not a path inside the package that begins with "./"`,
  ],
  [
    { ...valid, blueprints: { patrol: { entry: "./a.js", export: 1 } } },
    `"dimos.blueprints.patrol.export" is not the name of an export`,
  ],
  [
    { ...valid, blueprints: { patrol: { entry: "./a.js", description: {} } } },
    `"dimos.blueprints.patrol.description" is not text`,
  ],
  [
    { ...valid, modules: { "rover-connection": "./a.js" } },
    `"dimos.modules.rover-connection" is not named like a class`,
  ],
  [
    { ...valid, modules: { Rover: { entry: "./a.js" } } },
    `"dimos.modules.Rover" is not a path inside the package that begins with "./"`,
  ],
])("G1 refuses %j", (field, problem) => {
  expect(parseMetadata(field)).toEqual({ problems: [problem] });
});

test("G1 names every problem of a package at once", () => {
  expect(parseMetadata({ apiVersion: 1, namespace: 1, blueprints: 1, modules: 1 }).problems).toHaveLength(3);
});

test("a key it does not know is a warning and hides nothing", () => {
  expect(parseMetadata({ ...valid, blueprint: {} })).toEqual({
    metadata: { namespace: "acme-rover", offers: [] },
    problems: [`"dimos.blueprint" is not known and was ignored. Did you mean "blueprints"?`],
  });
});
