import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { stateDirectory } from "../directories.ts";
import { DirectoryError } from "../errors.ts";
import { makeDirectory } from "../make-directory.ts";

/** Makes the state directory where it is missing; the error says what to do where it cannot be used. */
export function ensureStateDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const directory = stateDirectory(env);
  try {
    for (const part of ["runs", "logs"]) {
      makeDirectory(join(directory, part));
      accessSync(join(directory, part), constants.W_OK);
    }
    return directory;
  } catch (cause) {
    throw new DirectoryError(
      "STATE_DIRECTORY_UNUSABLE",
      `The state directory ${directory} cannot be written: make it writable, or set DIMOS_STATE_DIR to one that is`,
      cause,
    );
  }
}
