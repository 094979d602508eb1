import { statSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { ConfigError, FileError } from "../errors.ts";
import { fileFault } from "../file-fault.ts";
import { readTextFile } from "../read-text-file.ts";

/**
 * Variables of the `.env` file of a directory; undefined where there is none. The process's environment stays as it is.
 *
 * @throws ConfigError when it is there and cannot be read, or is no regular file
 */
export function readDotEnv(directory: string): Readonly<Record<string, string | undefined>> | undefined {
  const path = join(directory, ".env");
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    // Some keep an environment of Python in a directory of that name.
    if (found === undefined || found.isDirectory()) return undefined;
    return parseEnv(readTextFile(path, { what: "The settings in" }));
  } catch (error) {
    throw new ConfigError(
      error instanceof FileError ? error.message : `The settings in ${path} cannot be read: ${fileFault(error)}`,
    );
  }
}
