import { realpathSync } from "node:fs";
import { type PackageText, readPackageText, type UnreadablePackage } from "./package-text.ts";

/** What discovery needs of a package.json. */
export interface PackageFile {
  /** Absolute path of the folder, symbolic links resolved, as Node does for what it imports. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly content: Readonly<Record<string, unknown>>;
}

const DEPENDENCY_KINDS = ["dependencies", "optionalDependencies", "peerDependencies", "devDependencies"];

/** Reads and parses the package.json of a folder; `undefined` when there is none. */
export function readPackage(folder: string): PackageFile | UnreadablePackage | undefined {
  const found = readPackageText(folder);
  return found === undefined ? undefined : parsePackage(found);
}

export function parsePackage(found: PackageText): PackageFile | UnreadablePackage {
  if ("problem" in found) return found;
  const folder = realpathSync(found.folder);
  let content: unknown;
  try {
    content = JSON.parse(found.text);
  } catch (error) {
    return { folder, problem: `it is not valid JSON: ${(error as SyntaxError).message}` };
  }
  if (!isRecord(content)) return { folder, problem: "it is not a JSON object" };
  const { name, version } = content;
  return {
    folder,
    name: typeof name === "string" ? name : folder,
    version: typeof version === "string" ? version : "0.0.0",
    content,
  };
}

/** Names of the direct dependencies, of every kind, each once. */
export function dependencyNames(content: PackageFile["content"]): string[] {
  return [...new Set(DEPENDENCY_KINDS.flatMap((kind) => keysOf(content[kind])))];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function keysOf(value: unknown): string[] {
  return isRecord(value) ? Object.keys(value) : [];
}
