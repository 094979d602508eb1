import assert from "node:assert/strict";
import { join } from "node:path";
import type { PackedPackage } from "../packages/pack.ts";

/** What every check has at hand. */
export interface Bench {
  readonly root: string;
  /** For projects: outside of the workspace, and gone afterwards. */
  readonly directory: string;
  readonly packages: readonly PackedPackage[];
}

/** Archives of the packages `@dimos/<name>`. */
export function tarballs({ packages }: Bench, ...names: readonly string[]): string[] {
  return names.map((name) => {
    const found = packages.find((packed) => packed.name === `@dimos/${name}`);
    assert.ok(found, `@dimos/${name} is not public`);
    return found.tarball;
  });
}

/** The workspace's own tool, run in a project outside: not what is tested. */
export function tool({ root }: Bench, path: string): [string] {
  return [join(root, "node_modules", path)];
}
