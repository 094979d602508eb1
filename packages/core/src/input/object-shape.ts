import type { JsonSchema } from "../schema.ts";
import { listedValues } from "./schema-parts.ts";

/** What a schema says of an object, without references and unions. */
export interface ObjectShape {
  /** What its author calls it. */
  readonly label: string | undefined;
  readonly properties: ReadonlyMap<string, JsonSchema>;
  readonly required: ReadonlySet<string>;
  /** The schema of fields that are not listed; undefined when there are none. */
  readonly rest: unknown;
  /** Sentences about which fields go together. */
  readonly remarks: readonly string[];
}

/** An object that two schemas describe at the same time. */
export function together(a: ObjectShape, b: ObjectShape): ObjectShape {
  const properties = new Map(a.properties);
  for (const [name, schema] of b.properties) {
    const known = properties.get(name);
    const isNew = known === undefined || isSame(known, schema);
    properties.set(name, isNew ? schema : { allOf: [known, schema] });
  }
  return {
    label: a.label ?? b.label,
    properties,
    required: new Set([...a.required, ...b.required]),
    rest: a.rest ?? b.rest,
    remarks: [...a.remarks, ...b.remarks],
  };
}

/** One object for all variants of a union; undefined without a variant. Only what all require is required. */
export function asOne(variants: readonly ObjectShape[]): ObjectShape | undefined {
  const [first, ...others] = variants;
  if (first === undefined || others.length === 0) return first;
  const discriminator = discriminatorOf(variants);
  const forms = variants.map((variant, index) => formOf(variant, index, discriminator));
  const names = [...new Set(variants.flatMap(({ properties }) => [...properties.keys()]))];
  return {
    label: undefined,
    properties: new Map(names.map((name) => [name, mergedField(name, variants, forms, discriminator)])),
    required: new Set([...first.required].filter((name) => others.every(({ required }) => required.has(name)))),
    rest: variants.map(({ rest }) => rest).find((rest) => rest !== undefined),
    remarks: [
      ...variants.flatMap(({ remarks }) => remarks),
      ...(discriminator === undefined ? [`Give the fields of one form. ${describeForms(variants)}`] : []),
    ],
  };
}

/** The field whose literal says which variant is meant. */
function discriminatorOf(variants: readonly ObjectShape[]): string | undefined {
  const [first] = variants;
  return [...(first?.required ?? [])].find((name) => {
    const values = variants.map(({ properties, required }) =>
      required.has(name) ? listedValues(properties.get(name) ?? {}) : undefined,
    );
    const all = values.flatMap((listed) => listed ?? []);
    return values.every((listed) => listed !== undefined) && new Set(all).size === all.length;
  });
}

/** `kind is "circle"`, or `form 2`. */
function formOf(variant: ObjectShape, index: number, discriminator: string | undefined): string {
  if (discriminator === undefined) return `form ${index + 1}`;
  const values = listedValues(variant.properties.get(discriminator) ?? {}) ?? [];
  return values.map((value) => JSON.stringify(value)).join(" or ");
}

function describeForms(variants: readonly ObjectShape[]): string {
  return variants
    .map(({ label, properties, required }, index) => {
      const fields = [...properties.keys()].map((name) => (required.has(name) ? name : `${name} (optional)`));
      const called = label === undefined ? "" : ` (${label})`;
      return `Form ${index + 1}${called}: ${fields.join(", ") || "no fields"}.`;
    })
    .join(" ");
}

function mergedField(
  name: string,
  variants: readonly ObjectShape[],
  forms: readonly string[],
  discriminator: string | undefined,
): JsonSchema {
  const having = variants.flatMap((variant, index) =>
    variant.properties.has(name)
      ? [
          {
            schema: variant.properties.get(name) as JsonSchema,
            form: forms[index],
            isRequired: variant.required.has(name),
          },
        ]
      : [],
  );
  const merged = mergedSchema(having.map(({ schema }) => schema));
  if (name === discriminator) return merged;
  const where = (some: typeof having) =>
    `${discriminator === undefined ? "in" : `where ${discriminator} is`} ${some.map(({ form }) => form).join(" or ")}`;
  const requiring = having.filter(({ isRequired }) => isRequired);
  const isEverywhere = having.length === variants.length;
  const remarks = [
    ...(isEverywhere ? [] : [`Only ${where(having)}.`]),
    ...(requiring.length === 0 || (isEverywhere && requiring.length === variants.length)
      ? []
      : [requiring.length === having.length ? "Required there." : `Required ${where(requiring)}.`]),
  ];
  return isEverywhere ? withRemarks(merged, remarks) : withoutDefault(merged, remarks);
}

/** A client that fills in what is the default would fill it in where the field must not be. */
function withoutDefault({ default: fallback, ...schema }: JsonSchema, remarks: readonly string[]): JsonSchema {
  if (fallback === undefined) return withRemarks(schema, remarks);
  return withRemarks(schema, [...remarks, `Default there: ${JSON.stringify(fallback)}.`]);
}

function withRemarks(schema: JsonSchema, remarks: readonly string[]): JsonSchema {
  if (remarks.length === 0) return schema;
  const { description } = schema;
  const own = typeof description === "string" && description !== "" ? [asSentence(description)] : [];
  return { ...schema, description: [...own, ...remarks].join(" ") };
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function mergedSchema(schemas: readonly JsonSchema[]): JsonSchema {
  const different = schemas.filter((one, index) => schemas.findIndex((other) => isSame(one, other)) === index);
  const [first = {}, ...others] = different;
  if (others.length === 0) return first;
  const listed = different.map(listedValues);
  if (listed.some((values) => values === undefined)) return { anyOf: different };
  const values = [...new Set(listed.flatMap((each) => each ?? []))];
  const [type, ...otherTypes] = new Set(different.map((one) => one.type));
  const descriptions = different.map(({ description }) => description).filter((text) => typeof text === "string");
  return {
    ...(typeof type === "string" && otherTypes.length === 0 ? { type } : {}),
    enum: values,
    ...(descriptions.length === 0 ? {} : { description: descriptions.map(asSentence).join(" ") }),
  };
}

function isSame(a: JsonSchema, b: JsonSchema): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
