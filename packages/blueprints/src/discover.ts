import { join } from "node:path";
import type { RegistryEntry, RegistryWarning } from "./entry.ts";
import { type Metadata, parseMetadata } from "./metadata.ts";
import { dependencyNames, keysOf, type PackageFile, parsePackage } from "./package-file.ts";
import { folderOf, installedPackage, nearestPackage, nodeModulesFolders, workspaceRoot } from "./package-search.ts";
import type { UnreadablePackage } from "./package-text.ts";

export interface DiscoverOptions {
  /** Path of the program's entry script, or the working directory. */
  readonly from: string;
  /** A second place to start from: the folder a command is installed in, so that what came with it is found everywhere. */
  readonly alsoFrom?: string | undefined;
}

export interface Discovery {
  readonly entries: readonly RegistryEntry[];
  readonly warnings: readonly RegistryWarning[];
  /** Folders from which packages named by people are looked up: this project, its workspace, `alsoFrom`. */
  readonly bases: readonly string[];
}

/**
 * Reads the package.json of this project, of its direct dependencies, of those of the workspace root, and of `alsoFrom`
 * and its dependencies. A package found twice counts where it was found first. Imports nothing, lists no folder.
 */
export function discover({ from, alsoFrom }: DiscoverOptions): Discovery {
  const scan = new Scan();
  const own = nearestPackage(from);
  const install = alsoFrom === undefined ? undefined : nearestPackage(alsoFrom);
  const sources = [own, workspaceRoot(folderOf(from)), install].filter((source) => source !== undefined);

  for (const source of sources) {
    scan.add(source, source === own);
    if (!("content" in source)) continue;
    const missing = scan.addDependencies(source);
    if (source === own) scan.warnOfMissing(source, missing);
  }
  const bases = new Set([...sources.map((source) => source.folder), folderOf(from)]);
  return { entries: scan.entries, warnings: scan.warnings, bases: [...bases] };
}

class Scan {
  readonly entries: RegistryEntry[] = [];
  readonly warnings: RegistryWarning[] = [];
  readonly #seen = new Set<string>();

  /** Returns the names of dependencies that are not installed. */
  addDependencies({ folder, content }: PackageFile): string[] {
    const nodeModules = nodeModulesFolders(folder);
    return dependencyNames(content).filter((name) => {
      if (this.#seen.has(name)) return false;
      const found = installedPackage(name, nodeModules);
      if (found === undefined) return true;
      // Most dependencies have nothing to do with dimos: they are not even parsed, and what is wrong with them is not our matter.
      if ("problem" in found || found.text.includes('"dimos"')) this.add(parsePackage(found), false);
      this.#seen.add(name);
      return false;
    });
  }

  add(found: PackageFile | UnreadablePackage, own: boolean): void {
    const name = "content" in found ? found.name : found.folder;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    if ("problem" in found) this.#warn(name, found.folder, `it was skipped: ${found.problem}`);
    if ("problem" in found || found.content.dimos === undefined) return;
    const { metadata, problems } = parseMetadata(found.content.dimos);
    for (const problem of problems) this.#warn(name, found.folder, problem);
    if (metadata !== undefined) this.entries.push(...entriesOf(found, metadata, own));
  }

  warnOfMissing({ name, folder, content }: PackageFile, missing: readonly string[]): void {
    const required = keysOf(content.dependencies).filter((dependency) => missing.includes(dependency));
    if (required.length === 0) return;
    this.#warn(name, folder, `dependencies are not installed: ${required.join(", ")}`);
  }

  #warn(name: string, folder: string, message: string): void {
    this.warnings.push({ package: name, file: join(folder, "package.json"), message });
  }
}

function entriesOf(found: PackageFile, { namespace, offers }: Metadata, own: boolean): RegistryEntry[] {
  return offers.map((offer) => {
    const qualifiedName = `${namespace}.${offer.name}`;
    return Object.freeze({
      ...offer,
      label: qualifiedName,
      qualifiedName,
      package: found.name,
      version: found.version,
      entry: join(found.folder, offer.entry),
      own,
    });
  });
}
