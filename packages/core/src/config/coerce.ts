import { ConfigError } from "../errors.ts";
import { resolveRef, schemaList, variantsOf } from "../input/schema-parts.ts";
import type { JsonSchema } from "../schema.ts";
import { holdsSecret, MASK } from "./secrets.ts";

/**
 * The value that a text (of a flag or an environment variable) means for a field: numbers, booleans and JSON by the
 * field's JSON Schema, the text itself otherwise.
 */
export function coerceText(text: string, schema: JsonSchema, subject: string): unknown {
  const types = typesOf(schema);
  if (types.has("string") && !types.has("null")) return text;
  if (types.has("boolean") && /^(true|false|1|0|yes|no)$/i.test(text)) return /^(true|1|yes)$/i.test(text);
  if ((types.has("number") || types.has("integer")) && text.trim() !== "" && Number.isFinite(Number(text)))
    return Number(text);
  if (types.has("string")) return text;
  const wanted = [...types].join(" or ") || "JSON";
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (holdsSecret(schema)) throw new ConfigError(`${subject} takes a value of type ${wanted}, got ${MASK}`);
    const isStructure = types.size === 0 || types.has("object") || types.has("array");
    const reason = isStructure ? ` (${(cause as Error).message})` : "";
    throw new ConfigError(`${subject} takes a value of type ${wanted}, got ${JSON.stringify(text)}${reason}`);
  }
}

function typesOf(
  schema: JsonSchema,
  root: JsonSchema = schema,
  above: ReadonlySet<JsonSchema> = new Set(),
): Set<string> {
  if (above.has(schema)) return new Set();
  const target = schema.$ref === undefined ? [] : [resolveRef(schema.$ref, root)];
  const variants = [...target, ...variantsOf(schema).flat(), ...schemaList(schema.allOf)];
  const own = Array.isArray(schema.type)
    ? (schema.type as string[])
    : typeof schema.type === "string"
      ? [schema.type]
      : [];
  const values = (schema.enum ?? (schema.const === undefined ? [] : [schema.const])) as readonly unknown[];
  return new Set([
    ...own,
    ...values.map((value) => typeof value),
    ...variants.flatMap((variant) => [...typesOf(variant, root, new Set([...above, schema]))]),
  ]);
}
