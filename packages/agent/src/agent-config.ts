import { z } from "zod";

const INSTRUCTIONS = `You control a robot through tools. Each tool is a skill of the robot.
Distances are metres, angles are degrees counter-clockwise, unless a tool says otherwise. Forward and left are positive.
Tools report what was measured, which may differ from what you asked for: go by what they report, and say so when something was not done.
Do what is asked and no more. When a request is unclear or not possible with the tools, say so in one sentence instead of moving.
Answer in short plain sentences, in the language of the request.`;

/** Settings of the `Agent` module. */
export const AgentConfig = z.object({
  model: z
    .string()
    .default("offline")
    .describe(
      '"offline" (a command parser, no LLM), "openai:MODEL", "anthropic:MODEL", "google:MODEL" or "openai-compatible:MODEL"',
    ),
  apiKey: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe("of the model; left out: from the provider's environment variable"),
  baseUrl: z
    .string()
    .optional()
    .describe("of the model's API; needed for openai-compatible, as http://127.0.0.1:11434/v1"),
  vision: z
    .boolean()
    .optional()
    .describe("whether the model can see pictures; left out: yes, but not for openai-compatible models"),
  instructions: z.string().default(INSTRUCTIONS).describe("what a language model is told beforehand"),
  maxSteps: z
    .number()
    .int()
    .min(1)
    .max(200)
    .default(20)
    .describe("answers of the model in one turn, each with its skill calls"),
  modelTimeoutMs: z.number().int().min(1).default(60_000).describe("for one answer of the model, retries included"),
  modelRetries: z.number().int().min(0).max(10).default(2).describe("after errors that may pass, with growing pauses"),
  historyMessages: z.number().int().min(2).default(60).describe("a language model is reminded of so many at most"),
  historyCharacters: z.number().int().min(1000).default(60_000).describe("and of so many characters at most"),
});
export type AgentConfig = z.infer<typeof AgentConfig>;
