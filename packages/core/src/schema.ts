/**
 * The part of Standard Schema (https://standardschema.dev) that dimos uses: validation, and JSON Schema of the input.
 * zod 4 schemas satisfy it; so does any other library that offers `~standard` with `jsonSchema`.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly jsonSchema?: {
      readonly input: (options: {
        readonly target: "draft-2020-12";
        readonly libraryOptions?: Record<string, unknown> | undefined;
      }) => Record<string, unknown>;
    };
  };
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<SchemaIssue> };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}

export type InferInput<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["input"];
export type InferOutput<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["output"];

export type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schema of what a schema accepts; undefined without a schema, or when its library has none. Throws on types that JSON has not. */
export function jsonSchemaOf(schema: StandardSchema | undefined): JsonSchema | undefined {
  return schema?.["~standard"].jsonSchema?.input({ target: "draft-2020-12" });
}
