import { type JsonSchema, jsonSchemaOf, type StandardSchema } from "../schema.ts";

/** What JSON Schema can say of a schema, or why it can say nothing. */
export type Expressed =
  | { readonly schema: JsonSchema; readonly problem?: undefined }
  | { readonly schema?: undefined; readonly problem: SchemaProblem };

export interface SchemaProblem {
  /** The fields that cannot be expressed, like `goals[].at`; empty when the library does not say which. */
  readonly paths: readonly string[];
  /** A clause: `a date at "goals[].at" cannot be expressed as JSON Schema`. */
  readonly reason: string;
  /** A sentence without its full stop: `Use z.iso.datetime() there`. */
  readonly remedy: string;
}

/** What zod calls a type that JSON has not: in words, and what to write in its place. */
const INSTEAD: Readonly<Record<string, readonly [words: string, remedy: string]>> = {
  date: ["a date", "Use z.iso.datetime() there, and new Date(text) in the code"],
  bigint: ["a bigint", "Use z.int() there, or a text, and BigInt(text) in the code"],
  map: ["a Map", "Use z.record(z.string(), ...) there"],
  set: ["a Set", "Use z.array(...) there"],
  custom: ["a custom type", "Use a type that JSON has there, and make the object in the code"],
  transform: ["a bare transform", "Put the type that goes in before it: z.string().transform(...)"],
  symbol: ["a symbol", "Use z.string() there"],
  function: ["a function", "Use the name of what is to be done there"],
  nan: ["NaN", "Use z.null() there"],
  undefined: ["undefined", "Use .optional() there"],
  void: ["undefined", "Use .optional() there"],
  literal: ["a literal that JSON has not", "Use a text or a number there"],
};

const OTHERWISE = "Use types that JSON has: objects, arrays, texts, numbers, booleans, null";

/** Never throws: a schema may be anybody's code. */
export function express(schema: StandardSchema): Expressed {
  try {
    const json = jsonSchemaOf(schema);
    return json === undefined ? { problem: withoutJsonSchema(schema) } : { schema: json };
  } catch (error) {
    return { problem: problemOf(schema, error) };
  }
}

function withoutJsonSchema(schema: StandardSchema): SchemaProblem {
  const { vendor } = schema["~standard"];
  return {
    paths: [],
    reason: `the library of the schema (${vendor}) offers no JSON Schema`,
    remedy: "Use zod 4.2 or newer, or another library whose schemas have ~standard.jsonSchema",
  };
}

function problemOf(schema: StandardSchema, error: unknown): SchemaProblem {
  const found = inexpressibleIn(schema);
  const [first] = found;
  if (first === undefined) {
    const message = error instanceof Error ? error.message : String(error);
    return { paths: [], reason: `it cannot be expressed as JSON Schema (${message})`, remedy: OTHERWISE };
  }
  const places = found.map(({ type, path }) => {
    const words = INSTEAD[type]?.[0] ?? `a ${type}`;
    return path === "" ? words : `${words} at "${path}"`;
  });
  const remedies = [...new Set(found.map(({ type }) => INSTEAD[type]?.[1] ?? OTHERWISE))];
  return {
    paths: found.map(({ path }) => path),
    reason: `${places.join(" and ")} cannot be expressed as JSON Schema`,
    remedy: remedies.join(". "),
  };
}

/** The part of zod that tells which fields it cannot express, offered as an option of its JSON Schema. */
interface ZodNode {
  readonly path: readonly PropertyKey[];
  readonly zodSchema: StandardSchema & { readonly _zod?: { readonly def?: { readonly type?: unknown } } };
}

interface Inexpressible {
  readonly path: string;
  readonly type: string;
}

/** Asks zod for every part alone. Inner parts come first: of parts that contain each other the innermost is to blame. */
function inexpressibleIn(schema: StandardSchema): readonly Inexpressible[] {
  const found: { readonly steps: readonly PropertyKey[]; readonly type: string }[] = [];
  const override = ({ path, zodSchema }: ZodNode) => {
    if (isExpressible(zodSchema)) return;
    const isOuter = found.some(({ steps }) => path.every((step, index) => steps[index] === step));
    if (!isOuter) found.push({ steps: path, type: String(zodSchema._zod?.def?.type) });
  };
  try {
    const libraryOptions = { unrepresentable: "any", override };
    schema["~standard"].jsonSchema?.input({ target: "draft-2020-12", libraryOptions });
  } catch {
    // Its own code throws: nothing more is to be learnt from it.
  }
  return found.map(({ steps, type }) => ({ path: pathOf(steps), type })).toReversed();
}

function isExpressible(schema: StandardSchema): boolean {
  try {
    jsonSchemaOf(schema);
    return true;
  } catch {
    return false;
  }
}

/** `goals[].at` of `properties/goals/items/properties/at`. */
function pathOf(steps: readonly PropertyKey[]): string {
  let path = "";
  for (let index = 0; index < steps.length; index++) {
    const keyword = steps[index];
    if (keyword === "items") path += "[]";
    else if (keyword === "additionalProperties") path += path === "" ? "*" : ".*";
    else if (keyword === "properties") path += `${path === "" ? "" : "."}${String(steps[++index])}`;
    else if (keyword === "prefixItems") path += `[${String(steps[++index])}]`;
    else if (keyword === "anyOf" || keyword === "oneOf" || keyword === "allOf") index++;
  }
  return path;
}
