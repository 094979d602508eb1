import type { JsonSchema } from "../schema.ts";
import type { ConfigField } from "./fields.ts";
import { isRecord } from "./is-record.ts";
import { kebabCase } from "./names.ts";

/** What is shown in place of a secret. That there is one may be seen, its length not. */
export const MASK = "***";

/** A setting that is never shown: `z.string().meta({ secret: true })`, or `writeOnly` in its JSON Schema. */
export function isSecret(schema: JsonSchema): boolean {
  return schema.secret === true || schema.writeOnly === true || variantsOf(schema, schema).some(isSecret);
}

/** It is a secret, or a structure with one somewhere inside. */
export function holdsSecret(schema: JsonSchema, root: JsonSchema = schema, seen = new Set<JsonSchema>()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (schema.secret === true || schema.writeOnly === true) return true;
  const { properties, items, prefixItems, additionalProperties } = schema;
  const inside = [Object.values(asSchema(properties)), prefixItems ?? [], items ?? [], additionalProperties ?? []];
  return [...variantsOf(schema, root), ...inside.flat().filter(isRecord)].some((part) => holdsSecret(part, root, seen));
}

/** The value of a setting as it may be shown; secrets inside of structures are masked where they stand. */
export function maskValue(value: unknown, field: Pick<ConfigField, "schema">): unknown {
  return mask(value, field.schema, field.schema);
}

/** Settings as they may be shown: by name, and by module (instance name or its kebab-case), as the API takes them. */
export function maskSecrets(
  config: Readonly<Record<string, unknown>>,
  fields: readonly ConfigField[],
): Record<string, unknown> {
  return mapRecord(config, (key, value) => {
    const own = fields.filter(({ instance }) => instance !== undefined && kebabCase(instance) === kebabCase(key));
    if (own.length > 0 && isRecord(value)) return maskSecrets(value, own.map(withoutInstance));
    const named = fields.filter((field) => kebabCase(field.name) === kebabCase(key));
    return named.reduce<unknown>((masked, field) => maskValue(masked, field), value);
  });
}

function withoutInstance(field: ConfigField): ConfigField {
  return { ...field, instance: undefined };
}

function mask(value: unknown, schema: JsonSchema, root: JsonSchema): unknown {
  if (value === undefined || value === null) return value;
  if (schema.secret === true || schema.writeOnly === true) return MASK;
  let masked: unknown = value;
  for (const variant of variantsOf(schema, root)) masked = mask(masked, variant, root);
  if (Array.isArray(masked)) {
    const first = (schema.prefixItems ?? []) as readonly JsonSchema[];
    return masked.map((item, index) => mask(item, first[index] ?? asSchema(schema.items), root));
  }
  if (!isRecord(masked)) return masked;
  const properties = asSchema(schema.properties);
  return mapRecord(masked, (key, item) => {
    const property = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties;
    return mask(item, asSchema(property), root);
  });
}

/** Schemas that the same value may have to fit. */
function variantsOf(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const { $ref, anyOf, oneOf, allOf } = schema;
  const target = typeof $ref === "string" ? [asSchema(asSchema(root.$defs)[$ref.replace("#/$defs/", "")])] : [];
  return [...target, ...[anyOf, oneOf, allOf].flatMap((list) => (list ?? []) as readonly JsonSchema[])];
}

function asSchema(value: unknown): JsonSchema {
  return isRecord(value) ? value : {};
}

function mapRecord(
  record: Readonly<Record<string, unknown>>,
  map: (key: string, value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(key, value)]));
}
