import { expect, it } from "vitest";
import { blueprintPackage, packageTree } from "./package-tree.ts";
import { findPatrol } from "./readme.ts";

it("finds what the README looks for, and says what is missing", async () => {
  const root = packageTree({
    "package.json": blueprintPackage("@acme/rover", "acme-rover", "patrol"),
    "dist/patrol.js": `export const patrol = { [Symbol.for("dimos.blueprint")]: true };`,
  });
  expect(await findPatrol(root)).toBeDefined();
  await expect(findPatrol(packageTree({ "package.json": {} }))).rejects.toThrow(
    'Unknown blueprint or module: "acme-rover.patrol"',
  );
});
