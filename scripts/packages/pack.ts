import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface PackedPackage {
  readonly name: string;
  /** Absolute path of the archive, as npm would get it. */
  readonly tarball: string;
  /** False for a package that only brings a command. */
  readonly hasTypes: boolean;
}

/** Packs one package, also one that is private. Resolves to the archive's absolute path. */
export async function packInto(root: string, directory: string, name: string): Promise<string> {
  const options = ["--filter", name, "pack", "--pack-destination", directory, "--json"];
  const { stdout } = await run(join(root, "node_modules/.bin/pnpm"), options, { cwd: root });
  return JSON.parse(stdout).filename;
}

/** Packs every package of the workspace that is not private. They have to be built. */
export async function packPublicPackages(root: string, directory: string): Promise<PackedPackage[]> {
  const manifests = globSync(["packages/*/package.json", "apps/*/package.json"], { cwd: root })
    .sort()
    .map((file) => JSON.parse(readFileSync(join(root, file), "utf8")))
    .filter((manifest) => manifest.private !== true);
  const filters = manifests.flatMap(({ name }) => ["--filter", name]);
  const pnpm = join(root, "node_modules/.bin/pnpm");
  await run(pnpm, ["-r", ...filters, "pack", "--pack-destination", directory], { cwd: root });
  return manifests.map(({ name, version, exports }) => ({
    name,
    tarball: join(directory, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`),
    hasTypes: JSON.stringify(exports).includes('"types"'),
  }));
}
