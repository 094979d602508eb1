import { existsSync } from "node:fs";
import { join } from "node:path";

/** A Node that the packages have to work on. */
export interface NodeVersion {
  readonly name: string;
  readonly executable: string;
}

/** The workspace's own Node, and the oldest that the packages say they work on, where npm has one for this system. */
export function nodesToTry(root: string): readonly NodeVersion[] {
  const own = { name: `node ${process.versions.node}`, executable: process.execPath };
  const oldest = join(root, `node_modules/node-22-${process.platform}-${process.arch}/bin/node`);
  return existsSync(oldest) ? [own, { name: "node 22.18.0", executable: oldest }] : [own];
}
