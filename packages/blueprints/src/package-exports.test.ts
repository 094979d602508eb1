import { expect, test } from "vitest";
import { exportedFile } from "./package-exports.ts";

test.each([
  [{}, ".", "./index.js"],
  [{ main: "./lib/main.js" }, ".", "./lib/main.js"],
  [{}, "./extra.js", "./extra.js"],
  [{ exports: "./a.js" }, ".", "./a.js"],
  [{ exports: "./a.js" }, "./extra.js", undefined],
  [{ exports: { types: "./a.d.ts", import: "./a.js", require: "./a.cjs" } }, ".", "./a.js"],
  [{ exports: { ".": { node: { require: "./a.cjs", default: "./a.js" } } } }, ".", "./a.js"],
  [{ exports: { ".": ["./a.js", "./b.js"] } }, ".", "./a.js"],
  [{ exports: { ".": "./a.js", "./extra": "./b.js" } }, "./extra", "./b.js"],
  [{ exports: { "./*": "./dist/*.js", "./arms/*": "./arms/*/index.js" } }, "./arms/left", "./arms/left/index.js"],
  [{ exports: { "./*": "./dist/*.js", "./secret/*": null } }, "./secret/key", undefined],
])("in %j, %s is %s", (content, subpath, file) => {
  expect(exportedFile(content, subpath)).toBe(file);
});
