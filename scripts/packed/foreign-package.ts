import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packInto } from "../packages/pack.ts";
import { type Bench, tarballs, tool } from "./bench.ts";
import type { NodeVersion } from "./nodes.ts";
import { NpmProject } from "./npm-project.ts";

/** What an outside author keeps beside the package.json. */
const AUTHORED = ["src", "README.md", "tsconfig.json", "tsconfig.build.json", "tsup.config.ts"];

/**
 * Builds `apps/acme-rover` where its author would: outside of the workspace, with npm, the documented preset and the
 * archives of dimos. Resolves to its archive.
 */
export async function buildForeignPackage(bench: Bench): Promise<string> {
  const project = new NpmProject(bench.directory, "acme-rover");
  const home = join(bench.root, "apps/acme-rover");
  for (const name of AUTHORED) cpSync(join(home, name), join(project.directory, name), { recursive: true });
  const packed = await packInto(bench.root, project.directory, "@acme/rover");
  await project.extract(packed, "package/package.json");
  const manifest = JSON.parse(readFileSync(join(project.directory, "package/package.json"), "utf8"));
  // Its tests stay at home.
  delete manifest.devDependencies;
  delete manifest.private;
  writeFileSync(join(project.directory, "package.json"), JSON.stringify(manifest, undefined, 2));
  await project.install("--no-save", ...tarballs(bench, "rpc", "core", "msgs"), "@types/node@22");
  await project.node(...tool(bench, "tsup/dist/cli-default.js"));
  await project.node(...tool(bench, "typescript/bin/tsc"), "-p", "tsconfig.build.json");
  return await project.pack();
}

/** That archive in the hands of somebody who has no other robot. */
export async function foreignPackage(bench: Bench, node: NodeVersion, rover: string): Promise<string> {
  const user = new NpmProject(bench.directory, "rover-user", node.executable);
  await user.install(rover, ...tarballs(bench, "rpc", "core", "msgs", "blueprints", "porcelain"), "@types/node@22");
  await user.node(...tool(bench, "typescript/bin/tsc"), "-p", ".");
  const lines = (await user.node("main.ts")).trimEnd().split("\n");
  assert.match(lines[0] ?? "", /rounds: .*expected number/);
  assert.deepEqual(lines.slice(1), ['No skill named "patrols". Did you mean "patrol"?', "reached true 0"]);
  return "a blueprint package built elsewhere runs from its archive, with its types";
}
