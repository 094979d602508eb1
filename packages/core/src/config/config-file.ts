import { readFileSync } from "node:fs";
import { ConfigError } from "../errors.ts";

/** Settings of a file: of the run by name, of modules in an object each. */
export interface ConfigFile {
  /** As it was given; shown as the source of its values. */
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Reads a JSON file of settings: `{ "nWorkers": 4, "Camera": { "fps": 30 } }`. */
export function readConfigFile(path: string): ConfigFile {
  const values = parse(path, read(path));
  if (typeof values === "object" && values !== null && !Array.isArray(values))
    return { path, values: values as Record<string, unknown> };
  throw new ConfigError(
    `Config file ${path} needs an object of settings, such as { "nWorkers": 4, "Camera": { "fps": 30 } }`,
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(`Config file ${path} cannot be read: ${(error as Error).message}`);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ConfigError(`Config file ${path} is not JSON: ${(error as Error).message}`);
  }
}
