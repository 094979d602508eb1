import { InvalidInputError } from "../errors.ts";
import { describeIssues } from "../parse-input.ts";
import type { JsonSchema, SchemaIssue, SchemaResult, StandardSchema } from "../schema.ts";
import { type Expressed, express } from "./express.ts";
import { unknownFields } from "./unknown-fields.ts";

/**
 * Checks what comes from outside with one schema. Fields that it does not know are refused by name, at any depth; most
 * schemas would drop them without a word.
 */
export class InputCheck {
  readonly #schema: StandardSchema;
  #expressed: Expressed | undefined;

  constructor(schema: StandardSchema) {
    this.#schema = schema;
  }

  get expressed(): Expressed {
    this.#expressed ??= express(this.#schema);
    return this.#expressed;
  }

  /** Resolves to the value with its defaults; the error names every wrong field. */
  async parse(value: unknown, subject: string): Promise<unknown> {
    const result = await this.validate(value);
    if (result.issues !== undefined) throw new InvalidInputError(subject, describeIssues(result.issues));
    return result.value;
  }

  async validate(value: unknown): Promise<SchemaResult<unknown>> {
    const result = await this.#schema["~standard"].validate(value);
    const unknown = this.#unknownFields(value);
    if (unknown.length === 0) return result;
    return { issues: [...unknown, ...(result.issues ?? []).filter((issue) => !isUnknown(issue))] };
  }

  #unknownFields(value: unknown): SchemaIssue[] {
    const { schema } = this.expressed;
    return schema === undefined ? [] : unknownFields(value, schema);
  }
}

/** Throws when an input has fields that its JSON Schema does not know. */
export function refuseUnknownFields(input: unknown, schema: JsonSchema): void {
  const issues = unknownFields(input, schema);
  if (issues.length > 0) throw new InvalidInputError("input", describeIssues(issues));
}

/** The same, as a strict object of zod says it. */
function isUnknown(issue: SchemaIssue): boolean {
  return "code" in issue && issue.code === "unrecognized_keys";
}
