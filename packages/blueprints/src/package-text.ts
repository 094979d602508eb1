import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The package.json of a folder as text, or why it cannot be read. */
export type PackageText = { readonly folder: string; readonly text: string } | UnreadablePackage;

export interface UnreadablePackage {
  readonly folder: string;
  readonly problem: string;
}

/** Reads the package.json of a folder; `undefined` when there is none. */
export function readPackageText(folder: string): PackageText | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  try {
    return { folder, text: readFileSync(file, "utf8") };
  } catch (error) {
    return { folder, problem: `it cannot be read: ${(error as NodeJS.ErrnoException).message}` };
  }
}
