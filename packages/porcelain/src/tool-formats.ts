import { InvalidInputError, type SkillTool } from "@dimos/core";

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

export function openAITools(tools: readonly SkillTool[]): OpenAITool[] {
  return tools.map(({ tool, skill: { description, input } }) => ({
    type: "function",
    function: { name: tool, description, parameters: input },
  }));
}

export function anthropicTools(tools: readonly SkillTool[]): AnthropicTool[] {
  return tools.map(({ tool, skill: { description, input } }) => ({ name: tool, description, input_schema: input }));
}

export function aiSdkTools(
  tools: readonly SkillTool[],
  call: (tool: string, input: unknown, signal: AbortSignal | undefined) => Promise<unknown>,
): Record<string, AiSdkTool> {
  return Object.fromEntries(
    tools.map(({ tool, skill }) => [
      tool,
      {
        description: skill.description,
        inputSchema: { [AI_SCHEMA]: true as const, jsonSchema: skill.input, validate: undefined },
        execute: (input, options) => call(tool, input, options?.abortSignal),
      } satisfies AiSdkTool,
    ]),
  );
}

/** The input of a call as a model gives it: an object, or its JSON. */
export function toolInput(tool: string, input: unknown): unknown {
  if (typeof input !== "string") return input;
  if (input.trim() === "") return {};
  try {
    return JSON.parse(input) as unknown;
  } catch (error) {
    throw new InvalidInputError(`input of ${tool}`, [`it is not JSON: ${(error as Error).message}`]);
  }
}
