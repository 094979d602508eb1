import type { SkillListing } from "./skill-proxy.ts";

type Schema = Readonly<Record<string, unknown>>;

export interface OpenAITool {
  readonly type: "function";
  readonly function: { readonly name: string; readonly description: string; readonly parameters: Schema };
}

export interface AnthropicTool {
  readonly name: string;
  readonly description: string;
  readonly input_schema: Schema;
}

/** A tool of the `ai` package, with its schema as that package's `jsonSchema()` makes it. */
export interface AiSdkTool {
  readonly description: string;
  readonly inputSchema: { readonly [AI_SCHEMA]: true; readonly jsonSchema: Schema; readonly validate: undefined };
  execute(input: unknown, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

const AI_SCHEMA = Symbol.for("vercel.ai.schema");

export function openAITools(skills: readonly SkillListing[]): OpenAITool[] {
  return named(skills).map(([name, { description, input }]) => ({
    type: "function",
    function: { name, description, parameters: input },
  }));
}

export function anthropicTools(skills: readonly SkillListing[]): AnthropicTool[] {
  return named(skills).map(([name, { description, input }]) => ({ name, description, input_schema: input }));
}

export function aiSdkTools(
  skills: readonly SkillListing[],
  call: (skill: SkillListing, input: unknown, signal: AbortSignal | undefined) => Promise<unknown>,
): Record<string, AiSdkTool> {
  return Object.fromEntries(
    named(skills).map(([name, skill]) => [
      name,
      {
        description: skill.description,
        inputSchema: { [AI_SCHEMA]: true as const, jsonSchema: skill.input, validate: undefined },
        execute: (input, options) => call(skill, input, options?.abortSignal),
      } satisfies AiSdkTool,
    ]),
  );
}

/** Tool names are unique: a skill that several modules have is called by module and name. Letters, digits, `_` and `-` only. */
function named(skills: readonly SkillListing[]): (readonly [string, SkillListing])[] {
  const isShared = (skill: SkillListing) => skills.filter((other) => other.name === skill.name).length > 1;
  return skills.map((skill) => {
    const name = isShared(skill) ? `${skill.module}_${skill.name}` : skill.name;
    return [name.replace(/[^A-Za-z0-9_-]/g, "_"), skill] as const;
  });
}
