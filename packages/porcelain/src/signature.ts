import type { JsonSchema, SkillDescription } from "@dimos/core";

/** A skill as one writes a call of it: `relativeMove({ forward?: number, mode?: "slow" | "fast" })`. */
export function signatureOf(skill: Pick<SkillDescription, "name" | "input">): string {
  const properties = Object.entries((skill.input.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  if (properties.length === 0) return `${skill.name}()`;
  const required = new Set((skill.input.required ?? []) as readonly string[]);
  const fields = properties.map(
    ([name, schema]) => `${name}${isRequired(name, schema, required) ? "" : "?"}: ${typeText(schema)}`,
  );
  return `${skill.name}({ ${fields.join(", ")} })`;
}

function isRequired(name: string, schema: JsonSchema, required: ReadonlySet<string>): boolean {
  return required.has(name) && schema.default === undefined;
}

function typeText(schema: JsonSchema): string {
  const variants = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  if (variants !== undefined) return variants.map(typeText).join(" | ");
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") return `${typeText((schema.items ?? {}) as JsonSchema)}[]`;
  if (schema.type === "integer") return "number";
  return typeof schema.type === "string" ? schema.type : "unknown";
}
