import { InvalidInputError } from "./errors.ts";
import type { SchemaIssue, StandardSchema } from "./schema.ts";

/** Validates a value with a schema and returns it with its defaults; the error names every wrong field. */
export async function parseInput(schema: StandardSchema, value: unknown, subject: string): Promise<unknown> {
  const result = await schema["~standard"].validate(value);
  if (result.issues !== undefined) throw new InvalidInputError(subject, describeIssues(result.issues));
  return result.value;
}

export function describeIssues(issues: readonly SchemaIssue[]): string[] {
  return issues.map((issue) => {
    const path = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step)).join(".");
    return path === "" ? issue.message : `${path}: ${issue.message}`;
  });
}
