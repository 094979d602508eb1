import { didYouMean } from "@dimos/rpc";
import type { JsonSchema, SchemaIssue } from "../schema.ts";
import { SchemaFit } from "./schema-fit.ts";
import {
  asSchema,
  fieldSchema,
  fieldsOf,
  hasFields,
  itemSchema,
  listedValues,
  namedTypes,
  resolveRef,
  schemaList,
  schemasByName,
  variantsOf,
} from "./schema-parts.ts";

/** An error that lists more is not read. */
const MOST = 5;
/** A longer name is shown in part: it comes from outside, and may be anything. */
const SHOWN = 64;

/**
 * The fields of a value that its JSON Schema does not know, each as an issue. Most schemas drop such fields without a
 * word: a robot that is told `foward: 2` would answer that it has arrived. `additionalProperties` allows them, and so
 * does a schema that says nothing of fields.
 */
export function unknownFields(value: unknown, schema: JsonSchema): SchemaIssue[] {
  const search = new FieldSearch(schema);
  search.look(value, [schema], []);
  return search.issues;
}

/** The schemas that say something of one value. */
interface Layers {
  readonly schemas: Set<JsonSchema>;
  /** Which variants of unions the value was taken for: `where kind is "circle"`. */
  readonly words: string[];
}

class FieldSearch {
  readonly issues: SchemaIssue[] = [];
  readonly #root: JsonSchema;
  readonly #fit: SchemaFit;
  readonly #above = new Set<object>();

  constructor(root: JsonSchema) {
    this.#root = root;
    this.#fit = new SchemaFit(root);
  }

  look(value: unknown, schemas: readonly JsonSchema[], path: readonly PropertyKey[]): void {
    if (typeof value !== "object" || value === null || this.#above.has(value) || this.issues.length >= MOST) return;
    const layers: Layers = { schemas: new Set(), words: [] };
    for (const schema of schemas) this.#collect(schema, value, layers);
    this.#above.add(value);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        const inner = [...layers.schemas]
          .map((schema) => itemSchema(schema, index))
          .filter((part) => part !== undefined);
        this.look(item, inner, [...path, index]);
      }
    } else if (hasFields(value)) this.#lookAtFields(value, layers, path);
    this.#above.delete(value);
  }

  #lookAtFields(value: Readonly<Record<string, unknown>>, layers: Layers, path: readonly PropertyKey[]): void {
    const schemas = [...layers.schemas];
    if (schemas.length === 0 || schemas.some(saysNothingOfFields)) return;
    for (const [name, item] of fieldsOf(value)) {
      const inner = schemas.map((schema) => fieldSchema(schema, name)).filter((part) => part !== undefined);
      if (inner.length > 0) this.look(item, inner, [...path, name]);
      else if (this.issues.length < MOST) this.issues.push(issueOf(name, path, layers));
    }
  }

  #collect(schema: JsonSchema, value: unknown, layers: Layers): void {
    if (layers.schemas.has(schema)) return;
    layers.schemas.add(schema);
    const { $ref, allOf, then, else: otherwise, dependentSchemas } = schema;
    if ($ref !== undefined) this.#collect(resolveRef($ref, this.#root), value, layers);
    const conditional = [then, otherwise, ...Object.values(schemasByName(dependentSchemas))];
    const parts = [...schemaList(allOf), ...conditional.filter((part) => part !== undefined).map(asSchema)];
    for (const part of parts) this.#collect(part, value, layers);
    for (const variants of variantsOf(schema)) {
      const chosen = this.#fit.choose(value, variants);
      for (const variant of chosen) this.#collect(variant, value, layers);
      const [only] = chosen;
      const objects = variants.filter((variant) => namedTypes(variant)?.includes("object") ?? true);
      if (only !== undefined && chosen.length === 1 && objects.length > 1)
        layers.words.push(...marksOf(only, this.#root));
    }
  }
}

/** It leaves open which fields there are, and is not only made of others that say so. */
function saysNothingOfFields(schema: JsonSchema): boolean {
  const isSilent = ["properties", "patternProperties", "additionalProperties", "unevaluatedProperties"].every(
    (keyword) => schema[keyword] === undefined,
  );
  const isMadeOfOthers = ["$ref", "allOf", "anyOf", "oneOf", "then", "else", "dependentSchemas", "not"].some(
    (keyword) => schema[keyword] !== undefined,
  );
  if (!isSilent || isMadeOfOthers || listedValues(schema) !== undefined) return false;
  return namedTypes(schema)?.includes("object") ?? true;
}

/** What tells a variant from others: `kind is "circle"` for each literal that it wants, else the fields that it requires. */
function marksOf(variant: JsonSchema, root: JsonSchema): string[] {
  const { properties, required } = variant.$ref === undefined ? variant : resolveRef(variant.$ref, root);
  const literals = Object.entries(schemasByName(properties)).flatMap(([name, field]) =>
    Object.hasOwn(field, "const") ? [`${name} is ${JSON.stringify(field.const)}`] : [],
  );
  const given = ((required ?? []) as readonly string[]).map((name) => `${name} is given`);
  return literals.length > 0 ? literals : given;
}

function issueOf(name: string, path: readonly PropertyKey[], { schemas, words }: Layers): SchemaIssue {
  const known = [...new Set([...schemas].flatMap(({ properties }) => Object.keys(schemasByName(properties))))];
  const where = words.length === 0 ? "" : ` where ${words.join(" and ")}`;
  const takes = known.length === 0 ? "It takes none" : `It takes: ${known.join(", ")}`;
  const shown = JSON.stringify(name.length > SHOWN ? `${name.slice(0, SHOWN)}...` : name);
  return { path, message: `there is no field ${shown}${where}.${didYouMean(name, known)} ${takes}` };
}
