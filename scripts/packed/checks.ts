import assert from "node:assert/strict";
import { type Bench, tarballs } from "./bench.ts";
import type { NodeVersion } from "./nodes.ts";
import { NpmProject } from "./npm-project.ts";

/** As many packages `@dimos/core` and `@dimos/cli` may bring into an empty project, themselves included. */
const MAX_PACKAGES = 40;

const PROGRAM = ["rpc", "core", "blueprints", "porcelain"];

/** `@dimos/rpc` alone is useful alone. */
export async function rpcAlone(bench: Bench, node: NodeVersion): Promise<string> {
  const project = new NpmProject(bench.directory, "rpc-alone", node.executable);
  await project.install(...tarballs(bench, "rpc"));
  assert.equal(await project.node("main.js", project.directory), "3\n");
  assert.equal(project.has("@dimos/core"), false);
  return "@dimos/rpc serves and calls alone";
}

/** Large messages go through shared memory, and over a socket where npm was told to leave koffi out. */
export async function largeMessages(bench: Bench, node: NodeVersion, withOptional: boolean): Promise<string> {
  const project = new NpmProject(bench.directory, "large-messages", node.executable);
  const omitted = withOptional ? [] : ["--omit=optional"];
  await project.install(...omitted, ...tarballs(bench, ...PROGRAM), "zod@4");
  assert.equal(project.has("koffi"), withOptional);
  assert.equal(await project.node("main.ts"), "250000\n");
  const usesMemory = withOptional && process.platform === "linux";
  assert.equal(project.logs().includes("Large messages go over the socket"), !usesMemory);
  return `large messages arrive ${usesMemory ? "through shared memory" : "over a socket, without koffi"}`;
}

/** What the command and its library bring. */
export async function footprint(bench: Bench): Promise<string> {
  const project = new NpmProject(bench.directory, "footprint");
  await project.install(...tarballs(bench, ...PROGRAM, "cli"));
  const installed = await project.packages();
  const names = installed.map((folder) => folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length));
  assert.ok(names.length <= MAX_PACKAGES, `${names.length} packages, more than ${MAX_PACKAGES}: ${names.join(", ")}`);
  return `@dimos/core and @dimos/cli bring ${names.length} packages: ${names.sort().join(", ")}`;
}
