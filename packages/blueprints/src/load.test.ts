import { join } from "node:path";
import { expect, test } from "vitest";
import { blueprint, loadInNode, moduleClass } from "../test/load.ts";
import { packageTree } from "../test/package-tree.ts";

const root = packageTree({
  "package.json": {
    name: "bot",
    version: "0.1.0",
    type: "module",
    dependencies: { rover: "1" },
    dimos: {
      apiVersion: 1,
      namespace: "bot",
      blueprints: { patrol: "./dist/patrol.js", mow: "./src/mow.js", typo: { entry: "./src/mow.js", export: "mov" } },
      modules: { Rover: "./src/mow.js", number: "./src/mow.js" },
    },
  },
  "src/mow.js": `export const mow = ${blueprint("mow")}; export const Rover = ${moduleClass("Rover")}; export const number = 1;`,
  "node_modules/rover/package.json": {
    name: "rover",
    version: "1.2.0",
    type: "module",
    dimos: { apiVersion: 1, namespace: "rover", blueprints: { go: "./src/go.ts", lost: "./dist/lost.js" } },
  },
  "node_modules/rover/src/go.ts": `export const go = ${blueprint("go")};`,
  "one.ts": `export const speed: number = 1; const a = ${blueprint("a")}; export { a, a as again }; export default a;`,
  "module.ts": `export const Arm = ${moduleClass("Arm")}; export const speed = 1;`,
  "several.ts": `export const b = ${blueprint("b")}; const a = ${blueprint("a")}; export { a, a as again };`,
  "nothing.ts": "export const speed = 1;",
  "empty.ts": "",
  "bad.ts": "export const a = 1;\nconst x: number == 3;\n",
  "bad.js": "export const a = 1;\nconst = 3;\n",
  "imports-bad.js": `import "./bad.js";`,
  "enum.ts": "enum Gait { Walk }\n",
  "throws.ts": `\nthrow new Error("no camera");`,
  "throws-text.ts": `throw "no camera";`,
  "needs.ts": `import "not-installed";`,
});
const at = (path: string) => join(root, path);

test.each([
  ["mow", { kind: "blueprint", id: "mow" }],
  ["Rover", { kind: "module", id: "Rover" }],
  ["./one.ts", { kind: "blueprint", id: "a" }],
  ["./module.ts", { kind: "module", id: "Arm" }],
  ["./several.ts#a", { kind: "blueprint", id: "a" }],
])("G2 loads %s", async (name, loaded) => {
  expect(await loadInNode(root, name)).toEqual(loaded);
});

test("G2 a file that exports several blueprints lists how to name one", async () => {
  expect(await loadInNode(root, "./several.ts")).toEqual({
    code: "AMBIGUOUS_NAME",
    message: `"./several.ts" is ambiguous. Use one of: ./several.ts#a, ./several.ts#b`,
  });
});

test.each([
  [
    "patrol",
    `Cannot load bot.patrol of bot 0.1.0 from ${at("dist/patrol.js")}: the file does not exist. Build the package first.`,
  ],
  [
    "rover.lost",
    `Cannot load rover.lost of rover 1.2.0 from ${at("node_modules/rover/dist/lost.js")}: the file does not exist. The package was published without it: tell its authors, or install another version.`,
  ],
  [
    "rover.go",
    `Cannot load rover.go of rover 1.2.0 from ${at("node_modules/rover/src/go.ts")}: Node does not run TypeScript files under node_modules. The package has to be published as JavaScript (dist/*.js with its .d.ts), and its package.json has to name that file.`,
  ],
  ["./nothing.ts", `${at("nothing.ts")} exports neither a Blueprint nor a Module class (it exports speed)`],
  ["./empty.ts", `${at("empty.ts")} exports neither a Blueprint nor a Module class (it exports nothing)`],
  ["number", `The export "number" of ${at("src/mow.js")} is neither a Blueprint nor a Module class`],
])("G1 says why %s cannot be loaded", async (name, message) => {
  expect(await loadInNode(root, name)).toEqual({ code: "ENTRY_NOT_LOADED", message });
});

test.each([
  ["bot.typo", `bot.typo: ${at("src/mow.js")} of bot has no export "mov". Did you mean "mow"?`],
  [
    "./one.ts#zebra",
    `./one.ts#zebra: ${at("one.ts")} of bot has no export "zebra" (it exports a, again, default, speed)`,
  ],
])("G1 says which exports there are in place of %s", async (name, message) => {
  expect(await loadInNode(root, name)).toEqual({ code: "EXPORT_NOT_FOUND", message });
});

test.each([
  ["bad.ts", "SyntaxError: 'const' declarations must be initialized", at("bad.ts:2")],
  ["bad.js", "SyntaxError: Unexpected token '='", at("bad.js:2")],
  ["imports-bad.js", "SyntaxError: Unexpected token '='", "in a file it imports"],
  ["enum.ts", "SyntaxError: TypeScript enum is not supported in strip-only mode", at("enum.ts:1")],
  ["throws.ts", "Error: no camera", at("throws.ts:2")],
])("G1 names package, file, cause and place when the import of %s fails", async (file, error, place) => {
  expect(await loadInNode(root, `./${file}`)).toEqual({
    code: "ENTRY_NOT_LOADED",
    message: `Cannot load ./${file} of bot 0.1.0 from ${at(file)}: ${error} (${place})`,
    cause: error.replace(/^\w+: /, ""),
  });
});

test("G1 names a package that the entry imports and nobody installed", async () => {
  expect(await loadInNode(root, "./needs.ts")).toEqual({
    code: "ENTRY_NOT_LOADED",
    message: `Cannot load ./needs.ts of bot 0.1.0 from ${at("needs.ts")}: Error: Cannot find package 'not-installed' imported from ${at("needs.ts")}`,
    cause: `Cannot find package 'not-installed' imported from ${at("needs.ts")}`,
  });
});

test("G1 reports what is thrown when it is no Error", async () => {
  expect(await loadInNode(root, "./throws-text.ts")).toEqual({
    code: "ENTRY_NOT_LOADED",
    message: `Cannot load ./throws-text.ts of bot 0.1.0 from ${at("throws-text.ts")}: it threw no camera`,
    cause: "no camera",
  });
});
