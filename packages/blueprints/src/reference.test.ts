import { expect, test } from "vitest";
import { parseReference } from "./reference.ts";

test.each([
  ["patrol", { kind: "name", name: "patrol" }],
  ["acme-rover.patrol", { kind: "name", name: "acme-rover.patrol" }],
  ["./bot.ts", { kind: "file", path: "./bot.ts", export: undefined }],
  ["./bot.ts#", { kind: "file", path: "./bot.ts", export: undefined }],
  ["../bot#x", { kind: "file", path: "../bot", export: "x" }],
  ["/tmp/a#b/bot.ts#x", { kind: "file", path: "/tmp/a#b/bot.ts", export: "x" }],
  ["bots/patrol.mts", { kind: "file", path: "bots/patrol.mts", export: undefined }],
  ["@acme/rover", { kind: "package", package: "@acme/rover", subpath: ".", export: undefined }],
  ["@acme/rover#patrol", { kind: "package", package: "@acme/rover", subpath: ".", export: "patrol" }],
  ["@acme/rover/extra.js#x", { kind: "package", package: "@acme/rover", subpath: "./extra.js", export: "x" }],
  ["rover#patrol", { kind: "package", package: "rover", subpath: ".", export: "patrol" }],
  ["", { kind: "name", name: "" }],
  ["@acme", { kind: "name", name: "@acme" }],
])("G2 reads %j by how it is written", (text, reference) => {
  expect(parseReference(text)).toEqual(reference);
});
