import type { JsonSchema } from "../schema.ts";
import {
  fieldSchema,
  fieldsOf,
  hasFields,
  itemSchema,
  listedValues,
  namedTypes,
  resolveRef,
  schemaList,
  schemasByName,
  typeOf,
  variantsOf,
} from "./schema-parts.ts";

/**
 * Which variants of a union a value is meant for. Looks at the structure only: types, literals, and which fields there
 * are. The library of the schema remains the judge of the values.
 */
export class SchemaFit {
  readonly #root: JsonSchema;
  /** A recursive union asks the same again and again: without this, twice as often with every level. */
  readonly #known = new Map<JsonSchema, Map<unknown, boolean>>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /** The variants that a value fits, and of these those that know most of its fields; else those whose literals it has; else all. */
  choose(value: unknown, variants: readonly JsonSchema[]): readonly JsonSchema[] {
    const whole = variants.filter((variant) => this.#fits(value, variant));
    if (whole.length > 0) return hasFields(value) ? this.#knowingMost(value, whole) : whole;
    const named = variants.filter((variant) => this.#hasLiterals(value, variant, new Set()));
    return named.length > 0 ? named : variants;
  }

  /** The library takes one of several variants that know different fields, and drops the fields of the others. */
  #knowingMost(value: Readonly<Record<string, unknown>>, variants: readonly JsonSchema[]): readonly JsonSchema[] {
    const names = fieldsOf(value).map(([name]) => name);
    const known = variants.map((variant) => names.filter((name) => this.#knows(variant, name, new Set())));
    const most = Math.max(...known.map(({ length }) => length));
    const best = known.find(({ length }) => length === most)?.join("\0");
    return variants.filter((_, index) => known[index]?.join("\0") === best);
  }

  #knows(schema: JsonSchema, name: string, above: Set<JsonSchema>): boolean {
    if (above.has(schema)) return false;
    above.add(schema);
    if (fieldSchema(schema, name) !== undefined) return true;
    const target = schema.$ref === undefined ? [] : [resolveRef(schema.$ref, this.#root)];
    const parts = [...target, ...schemaList(schema.allOf), ...variantsOf(schema).flat()];
    return parts.some((part) => this.#knows(part, name, above));
  }

  #fits(value: unknown, schema: JsonSchema): boolean {
    if (typeof value !== "object" || value === null) return this.#look(value, schema);
    const known = this.#known.get(schema) ?? new Map<unknown, boolean>();
    this.#known.set(schema, known);
    const before = known.get(value);
    if (before !== undefined) return before;
    // A value or a schema may contain itself: while it is being looked at, it counts as fitting.
    known.set(value, true);
    const fits = this.#look(value, schema);
    known.set(value, fits);
    return fits;
  }

  #look(value: unknown, schema: JsonSchema): boolean {
    if (!fitsItself(value, schema)) return false;
    if (schema.not !== undefined && Object.keys(schema.not as object).length === 0) return false;
    if (schema.$ref !== undefined && !this.#fits(value, resolveRef(schema.$ref, this.#root))) return false;
    if (!schemaList(schema.allOf).every((part) => this.#fits(value, part))) return false;
    if (!variantsOf(schema).every((list) => list.some((variant) => this.#fits(value, variant)))) return false;
    if (Array.isArray(value))
      return value.every((item, index) => {
        const found = itemSchema(schema, index);
        return found === undefined || this.#fits(item, found);
      });
    if (!hasFields(value)) return true;
    const required = (schema.required ?? []) as readonly string[];
    if (required.some((name) => !Object.hasOwn(value, name) || value[name] === undefined)) return false;
    return fieldsOf(value).every(([name, item]) => {
      const found = fieldSchema(schema, name);
      return found === undefined ? schema.additionalProperties !== false : this.#fits(item, found);
    });
  }

  /** Nothing of the value is otherwise than the literals of a variant: `kind: "circle"`. */
  #hasLiterals(value: unknown, schema: JsonSchema, above: Set<JsonSchema>): boolean {
    if (above.has(schema)) return true;
    above.add(schema);
    if (!fitsItself(value, schema)) return false;
    const inner = (part: JsonSchema) => this.#hasLiterals(value, part, above);
    if (schema.$ref !== undefined && !inner(resolveRef(schema.$ref, this.#root))) return false;
    if (!schemaList(schema.allOf).every(inner)) return false;
    if (!variantsOf(schema).every((list) => list.some(inner))) return false;
    if (!hasFields(value)) return true;
    return Object.entries(schemasByName(schema.properties)).every(([name, field]) => {
      const listed = listedValues(field);
      return listed === undefined || value[name] === undefined || listed.includes(value[name]);
    });
  }
}

/** By type and literals, whatever is inside. */
function fitsItself(value: unknown, schema: JsonSchema): boolean {
  const listed = listedValues(schema);
  if (listed !== undefined && (typeof value !== "object" || value === null) && !listed.includes(value)) return false;
  const types = namedTypes(schema);
  if (types === undefined) return true;
  return types.some((type) => (type === "integer" ? Number.isInteger(value) : type === typeOf(value)));
}
