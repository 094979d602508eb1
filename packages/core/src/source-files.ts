import { hash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A file of a module as its worker imported it. */
export interface SourceFile {
  readonly path: string;
  readonly hash: string;
}

/** Tells two contents of a file apart; undefined where there is no such file. */
export function contentHash(path: string): string | undefined {
  try {
    return hash("sha1", readFileSync(path));
  } catch {
    return undefined;
  }
}

/** The files that are different now, or gone. A file that was only touched, or whose edit was taken back, is not. */
export function changedSince(files: readonly SourceFile[]): readonly string[] {
  return files.filter(({ path, hash: imported }) => contentHash(path) !== imported).map(({ path }) => path);
}
