import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { ConfigError } from "../errors.ts";

/** Variables of the `.env` file of a directory; undefined where there is none. The process's environment stays as it is. */
export function readDotEnv(directory: string): Readonly<Record<string, string | undefined>> | undefined {
  const path = join(directory, ".env");
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new ConfigError(`${path} cannot be read: ${message}`);
  }
}
