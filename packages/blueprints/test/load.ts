import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PROGRAM = fileURLToPath(new URL("./load-in-node.ts", import.meta.url));

/** Loads a name in a Node process of its own; returns what it loaded or the error, as data. */
export async function loadInNode(folder: string, name: string): Promise<Record<string, unknown>> {
  const args = ["--conditions=@dimos/source", PROGRAM, folder, name];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Source of a blueprint or Module class as far as its brand goes; `id` tells one from another. */
export const blueprint = (id: string) => `{ [Symbol.for("dimos.blueprint")]: true, id: "${id}" }`;
export const moduleClass = (id: string) => `class { static [Symbol.for("dimos.module")] = true; static id = "${id}" }`;
