import { InvalidInputError } from "./errors.ts";
import type { SchemaIssue, StandardSchema } from "./schema.ts";

/** Validates a value with a schema and returns it with its defaults; the error names every wrong field. */
export async function parseInput(schema: StandardSchema, value: unknown, subject: string): Promise<unknown> {
  const result = await schema["~standard"].validate(value);
  if (result.issues !== undefined) throw new InvalidInputError(subject, describeIssues(result.issues));
  return result.value;
}

export function describeIssues(issues: readonly SchemaIssue[]): string[] {
  return issues.flatMap((issue) => {
    const path = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step)).join(".");
    return descriptionsOf(issue).map((text) => (path === "" ? text : `${path}: ${text}`));
  });
}

/** Describes what is wrong with each variant of a union, if the library says so; other issues in their own words. */
function descriptionsOf(issue: SchemaIssue): string[] {
  const errors = (issue as UnionIssue).errors ?? [];
  const meant = errors.filter((issues) => !issues.some(isOtherLiteral));
  const variants = [...new Set((meant.length > 0 ? meant : errors).map((each) => describeIssues(each).join(", ")))];
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return describeIssues(only);
  return [variants.length === 0 ? issue.message : `it fits no variant: ${variants.join(", or ")}`];
}

/** As zod has it. */
interface UnionIssue extends SchemaIssue {
  readonly errors?: readonly (readonly SchemaIssue[])[];
}

/** The variant was not meant: its literal is another one. */
function isOtherLiteral(issue: SchemaIssue): boolean {
  return "code" in issue && issue.code === "invalid_value";
}
