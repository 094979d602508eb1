import { type JsonSchema, MASK, maskValue } from "@dimos/core";
import { isSecretName, maskNamedTexts } from "./secret-names.ts";

/**
 * What was read of a running module, as it may be shown: masked is what the schema of its config calls a secret, at any
 * depth, and a text whose name says that it is one.
 *
 * @param secretConfig schema of the module's config, when there is a secret in it
 * @param readConfig reads the whole config; a part of it says too little of where it stands
 */
export async function maskRead(
  value: unknown,
  path: readonly string[],
  secretConfig: JsonSchema | undefined,
  readConfig: () => Promise<unknown>,
): Promise<unknown> {
  const [first, ...rest] = path;
  const isConfig = first === "config" && secretConfig !== undefined;
  const shown = isConfig ? partOf(maskValue(await readConfig(), { schema: secretConfig }), rest, value) : value;
  return path.some(isSecretName) && typeof shown === "string" && shown !== "" ? MASK : maskNamedTexts(shown);
}

/** A part of something masked is masked as well, and a part of anything else is the value that was read. */
function partOf(config: unknown, path: readonly string[], value: unknown): unknown {
  let part = config;
  for (const step of path) {
    if (part === MASK) return MASK;
    if (typeof part !== "object" || part === null) return value;
    part = (part as Readonly<Record<string, unknown>>)[step];
  }
  return part ?? value;
}
