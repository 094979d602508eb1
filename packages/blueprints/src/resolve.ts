import { realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { suggest } from "@dimos/rpc";
import type { RegistryEntry, Target } from "./entry.ts";
import { AmbiguousNameError, TargetNotFoundError, type UnknownName } from "./errors.ts";
import { lookUp, namesLike, unambiguousNames } from "./name-lookup.ts";
import { exportedFile } from "./package-exports.ts";
import { type PackageFile, parsePackage } from "./package-file.ts";
import { installedPackage, nearestPackage, nodeModulesFolders } from "./package-search.ts";
import { parseReference, type Reference } from "./reference.ts";

/** Where names are looked up. */
export interface Surroundings {
  readonly entries: readonly RegistryEntry[];
  /** Folders whose installed packages can be named. */
  readonly bases: readonly string[];
  /** Relative file names start here. */
  readonly cwd: string;
}

/** Finds what a name means without importing it; an unknown name comes back as data, so that several can be reported at once. */
export function resolveTarget(text: string, surroundings: Surroundings): Target | UnknownName {
  const found = lookUp(text, surroundings.entries);
  if (found.length > 1) throw new AmbiguousNameError(text, unambiguousNames(found));
  if (found[0] !== undefined) return found[0];

  const reference = parseReference(text);
  if (reference.kind === "file") return fileTarget(text, reference, surroundings.cwd);
  if (reference.kind === "package") return packageTarget(text, reference, surroundings);
  return { name: text, suggestions: suggest(text, namesLike(text, surroundings.entries)) };
}

function fileTarget(label: string, reference: Reference & { kind: "file" }, cwd: string): Target {
  const path = reference.path.startsWith("file://") ? fileURLToPath(reference.path) : resolve(cwd, reference.path);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new TargetNotFoundError(`No such file: ${path}`);
  if (stat.isDirectory()) throw new TargetNotFoundError(`${path} is a folder. Name a file in it.`);
  if (!stat.isFile()) throw new TargetNotFoundError(`${path} is no file. Name a file.`);
  const owner = nearestPackage(path);
  return {
    label,
    ...(owner !== undefined && "content" in owner ? nameOf(owner) : { package: undefined, version: undefined }),
    entry: realpathSync(path),
    export: reference.export,
  };
}

function packageTarget(
  label: string,
  reference: Reference & { kind: "package" },
  { entries, bases }: Surroundings,
): Target {
  const offered = reference.subpath === "." ? entries.filter((entry) => entry.package === reference.package) : [];
  const wanted = reference.export;
  if (wanted !== undefined) {
    const named = lookUp(wanted, offered)[0] ?? offered.find((entry) => entry.export === wanted);
    if (named !== undefined) return named;
  }
  const found = findPackage(reference.package, bases);
  const file = exportedFile(found.content, reference.subpath);
  if (file === undefined) {
    throw new TargetNotFoundError(
      `${reference.package} ${found.version} does not export ${JSON.stringify(reference.subpath)}`,
    );
  }
  return { label, ...nameOf(found), entry: join(found.folder, file), export: reference.export };
}

function findPackage(name: string, bases: readonly string[]): PackageFile {
  for (const base of bases) {
    const self = nearestPackage(base);
    if (self !== undefined && "content" in self && self.name === name) return self;
    const text = installedPackage(name, nodeModulesFolders(base));
    if (text === undefined) continue;
    const found = parsePackage(text);
    if ("content" in found) return found;
    throw new TargetNotFoundError(`${join(found.folder, "package.json")} is of no use: ${found.problem}`);
  }
  throw new TargetNotFoundError(`The package ${name} is not installed. Looked from: ${bases.join(", ")}`);
}

function nameOf({ name, version }: PackageFile): { package: string; version: string } {
  return { package: name, version };
}
