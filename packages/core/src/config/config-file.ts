import { ConfigError, FileError } from "../errors.ts";
import { readPipedText } from "../read-piped-text.ts";

const READ_TIMEOUT_MS = 5_000;

/** Settings of a file: of the run by name, of modules in an object each. */
export interface ConfigFile {
  /** As it was given; shown as the source of its values. */
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads a JSON file of settings: `{ "nWorkers": 4, "Camera": { "fps": 30 } }`. A FIFO, such as the shell's
 * `<(settings)`, is read to its end, for 5 s at most.
 *
 * @throws ConfigError when it cannot be read, or holds something else; the signal's reason when that is aborted
 */
export async function readConfigFile(
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ConfigFile> {
  const values = parse(path, await read(path, options.signal));
  if (typeof values === "object" && values !== null && !Array.isArray(values))
    return { path, values: values as Record<string, unknown> };
  throw new ConfigError(
    `Config file ${path} needs an object of settings, such as { "nWorkers": 4, "Camera": { "fps": 30 } }`,
  );
}

async function read(path: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await readPipedText(path, { what: "Config file", timeoutMs: READ_TIMEOUT_MS, signal });
  } catch (error) {
    throw error instanceof FileError ? new ConfigError(error.message) : error;
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ConfigError(`Config file ${path} is not JSON: ${(error as Error).message}`);
  }
}
