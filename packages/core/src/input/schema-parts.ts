import { isRecord } from "../config/is-record.ts";
import type { JsonSchema } from "../schema.ts";

const EVERYTHING: JsonSchema = Object.freeze({});
const NO_SCHEMAS: Readonly<Record<string, JsonSchema>> = Object.freeze({});
const NOTHING: JsonSchema = Object.freeze({ not: EVERYTHING });

/** What stands where JSON Schema wants a schema: an object, or `true` and `false` for everything and nothing. */
export function asSchema(part: unknown): JsonSchema {
  if (part === false) return NOTHING;
  return isRecord(part) ? part : EVERYTHING;
}

export function schemaList(list: unknown): readonly JsonSchema[] {
  return Array.isArray(list) ? list.map(asSchema) : [];
}

export function schemasByName(record: unknown): Readonly<Record<string, JsonSchema>> {
  return isRecord(record) ? (record as Readonly<Record<string, JsonSchema>>) : NO_SCHEMAS;
}

/** The target of a `$ref`: `#`, or a JSON pointer into the document. What lies outside of it is unknown, and accepts everything. */
export function resolveRef(ref: unknown, root: JsonSchema): JsonSchema {
  if (typeof ref !== "string" || !ref.startsWith("#")) return EVERYTHING;
  let target: unknown = root;
  for (const step of ref.slice(1).split("/").slice(1)) {
    const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof target !== "object" || target === null || !Object.hasOwn(target, key)) return EVERYTHING;
    target = (target as Readonly<Record<string, unknown>>)[key];
  }
  return asSchema(target);
}

/** The alternatives of a union. */
export function variantsOf({ anyOf, oneOf }: JsonSchema): readonly (readonly JsonSchema[])[] {
  return [anyOf, oneOf].filter((list) => list !== undefined).map(schemaList);
}

/** The schema of one field; undefined when this schema says nothing of it. */
export function fieldSchema(schema: JsonSchema, name: string): JsonSchema | undefined {
  const properties = schemasByName(schema.properties);
  if (Object.hasOwn(properties, name)) return asSchema(properties[name]);
  for (const [pattern, found] of Object.entries(schemasByName(schema.patternProperties))) {
    if (matches(pattern, name)) return asSchema(found);
  }
  const rest = schema.additionalProperties ?? schema.unevaluatedProperties;
  return rest === undefined || rest === false ? undefined : asSchema(rest);
}

/** A pattern that is none here may be one to the library of the schema, which has the last word. */
function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, "u").test(name);
  } catch {
    return true;
  }
}

/** The schema of one item of an array; undefined when this schema says nothing of it. */
export function itemSchema({ prefixItems, items }: JsonSchema, index: number): JsonSchema | undefined {
  const first = schemaList(prefixItems);
  if (index < first.length) return first[index];
  return items === undefined ? undefined : asSchema(items);
}

/** The values that a `const` or `enum` lists; undefined without one. */
export function listedValues(schema: JsonSchema): readonly unknown[] | undefined {
  if (Object.hasOwn(schema, "const")) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

/** The types that a schema names; undefined when it names none. */
export function namedTypes({ type }: JsonSchema): readonly unknown[] | undefined {
  if (type === undefined) return undefined;
  return Array.isArray(type) ? type : [type];
}

/** What JSON would call the value. */
export function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

/** A value with fields of its own: a picture's bytes have none. */
export function hasFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && !ArrayBuffer.isView(value);
}

/** The fields of an object that have a value: one that is undefined is left out. */
export function fieldsOf(value: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}
