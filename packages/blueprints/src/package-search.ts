import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { dependencyNames, type PackageFile, readPackage } from "./package-file.ts";
import { type PackageText, readPackageText, type UnreadablePackage } from "./package-text.ts";

/**
 * The package a file or folder belongs to. Files that only say `{ "type": "module" }`, as builds put into output
 * folders, are passed over.
 */
export function nearestPackage(path: string): PackageFile | UnreadablePackage | undefined {
  for (const folder of upwards(folderOf(path))) {
    const found = readPackage(folder);
    if (found !== undefined && ("problem" in found || describesPackage(found.content))) return found;
  }
  return undefined;
}

/** The package.json at the root of the pnpm, npm, yarn or bun workspace around a folder, if there is one. */
export function workspaceRoot(folder: string): PackageFile | UnreadablePackage | undefined {
  for (const candidate of upwards(folder)) {
    const found = readPackage(candidate);
    const declared = found !== undefined && "content" in found && "workspaces" in found.content;
    if (declared || existsSync(join(candidate, "pnpm-workspace.yaml"))) return found;
  }
  return undefined;
}

/** The folders in which Node looks for packages that a file in `folder` imports, nearest first. */
export function nodeModulesFolders(folder: string): string[] {
  return upwards(folder)
    .map((candidate) => join(candidate, "node_modules"))
    .filter((candidate) => existsSync(candidate));
}

/** Finds an installed package by its name. Looks only where the name points to: no folder is listed. */
export function installedPackage(name: string, nodeModules: readonly string[]): PackageText | undefined {
  for (const folder of nodeModules) {
    const found = readPackageText(join(folder, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function upwards(folder: string): string[] {
  const folders = [folder];
  for (let parent = dirname(folder); parent !== folders.at(-1); parent = dirname(parent)) folders.push(parent);
  return folders;
}

/** The folder of a file, or the folder itself, with symbolic links resolved. */
export function folderOf(path: string): string {
  const real = existsSync(path) ? realpathSync(path) : resolve(path);
  return statSync(real, { throwIfNoEntry: false })?.isDirectory() ? real : dirname(real);
}

function describesPackage(content: PackageFile["content"]): boolean {
  return "name" in content || "dimos" in content || "workspaces" in content || dependencyNames(content).length > 0;
}
