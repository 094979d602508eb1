import type { JsonSchema } from "../schema.ts";
import { asOne, type ObjectShape, together } from "./object-shape.ts";
import {
  asSchema,
  listedValues,
  namedTypes,
  resolveRef,
  schemaList,
  schemasByName,
  variantsOf,
} from "./schema-parts.ts";

/** Keywords that model providers refuse at the top of a tool's schema. */
const NOT_AT_THE_TOP = [
  "$ref",
  "anyOf",
  "oneOf",
  "allOf",
  "not",
  "if",
  "then",
  "else",
  "enum",
  "const",
  "dependentSchemas",
];

/** Where a schema that contains itself finds its unchanged self. */
const ORIGINAL = "input";

/**
 * The schema of an input as agents are given it: one object at the top, without a union. A field of some variants only
 * is optional, and its description says where it belongs. Undefined when no object fits the schema. The original remains
 * the judge of what is given.
 */
export function agentSchema(original: JsonSchema): JsonSchema | undefined {
  const { $schema: _, ...schema } = original;
  if (schema.type === "object" && NOT_AT_THE_TOP.every((keyword) => schema[keyword] === undefined)) return schema;
  const shape = shapeOfObject(schema, schema, new Set());
  if (shape === undefined) return undefined;
  const descriptions = [schema.description, ...shape.remarks].filter((text) => typeof text === "string");
  const flat = {
    type: "object",
    ...(descriptions.length === 0 ? {} : { description: descriptions.join(" ") }),
    properties: Object.fromEntries(shape.properties),
    ...(shape.required.size === 0 ? {} : { required: [...shape.required] }),
    additionalProperties: shape.rest ?? false,
  };
  return withDefinitions(flat, schema);
}

/** What a schema says of an object; undefined when it accepts none. */
function shapeOfObject(schema: JsonSchema, root: JsonSchema, above: ReadonlySet<JsonSchema>): ObjectShape | undefined {
  const { title, description, additionalProperties } = schema;
  const label = [title, description].find((text) => typeof text === "string");
  if (above.has(schema)) return { label, properties: new Map(), required: new Set(), rest: undefined, remarks: [] };
  if (namedTypes(schema)?.includes("object") === false || listedValues(schema) !== undefined) return undefined;
  const inner = (part: JsonSchema) => shapeOfObject(part, root, new Set([...above, schema]));
  const isSilent = ["properties", ...NOT_AT_THE_TOP].every((keyword) => schema[keyword] === undefined);
  const rest = additionalProperties ?? (isSilent ? true : undefined);
  const own: ObjectShape = {
    label,
    properties: new Map(Object.entries(schemasByName(schema.properties)).map(([name, one]) => [name, asSchema(one)])),
    required: new Set((schema.required ?? []) as readonly string[]),
    rest: rest === false ? undefined : rest,
    remarks: [],
  };
  const parts = [
    ...(schema.$ref === undefined ? [] : [inner(resolveRef(schema.$ref, root))]),
    ...schemaList(schema.allOf).map(inner),
    ...variantsOf(schema).map((variants) => asOne(variants.flatMap((variant) => inner(variant) ?? []))),
    ...conditional(schema).map((part) => optional(inner(part))),
  ];
  return parts.reduce<ObjectShape | undefined>(
    (all, part) => (all === undefined || part === undefined ? undefined : together(all, part)),
    own,
  );
}

/** Schemas that count for some objects. */
function conditional({ then, else: otherwise, dependentSchemas }: JsonSchema): JsonSchema[] {
  const parts = [then, otherwise, ...Object.values(schemasByName(dependentSchemas))];
  return parts.filter((part) => part !== undefined).map(asSchema);
}

function optional(shape: ObjectShape | undefined): ObjectShape {
  const properties = shape?.properties ?? new Map();
  return { label: undefined, properties, required: new Set(), rest: undefined, remarks: [] };
}

/** What references point to. Those to the top mean the schema as it was. */
function withDefinitions(flat: JsonSchema, root: JsonSchema): JsonSchema {
  const { $defs, ...original } = root;
  let isRecursive = false;
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (key !== "$ref" || typeof item !== "string" || !item.startsWith("#") || item.startsWith("#/$defs/"))
          return [key, moved(item)];
        isRecursive = true;
        return [key, `#/$defs/${ORIGINAL}${item.slice(1)}`];
      }),
    );
  };
  const result = moved({ ...flat, ...($defs === undefined ? {} : { $defs }) }) as JsonSchema;
  if (!isRecursive) return result;
  return { ...result, $defs: { ...schemasByName(result.$defs), [ORIGINAL]: moved(original) } };
}
