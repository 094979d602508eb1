import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { PackedPackage } from "./pack.ts";

const run = promisify(execFile);

/** What publint and arethetypeswrong have to say against a package as it would be published. */
export async function lintPacked(packed: PackedPackage, root: string): Promise<string[]> {
  const problems = await Promise.all([lintManifest(packed), packed.hasTypes ? lintTypes(packed, root) : []]);
  return problems.flat();
}

async function lintManifest({ name, tarball }: PackedPackage): Promise<string[]> {
  const bytes = new Uint8Array(readFileSync(tarball)).buffer;
  const { messages, pkg } = await publint({ pack: { tarball: bytes } });
  return messages.map((message) => `${name}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}

/** The packages are ESM only: `require` and the resolution of Node 10 are no part of the check. */
async function lintTypes({ name, tarball }: PackedPackage, root: string): Promise<string[]> {
  const attw = join(root, "node_modules/.bin/attw");
  const options = ["--profile", "esm-only", "--format", "ascii", "--no-emoji", "--no-color", "--no-definitely-typed"];
  try {
    await run(attw, [tarball, ...options]);
    return [];
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
    return [`${name}: ${stdout}${stderr}`.trim()];
  }
}
