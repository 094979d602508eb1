import { didYouMean } from "@dimos/rpc";
import { AgentError } from "../errors.ts";

/** Who serves models, with the environment variable that has the key, and the package that talks to them. */
export const PROVIDERS = {
  openai: { key: "OPENAI_API_KEY", package: "@ai-sdk/openai", seesPictures: true },
  anthropic: { key: "ANTHROPIC_API_KEY", package: "@ai-sdk/anthropic", seesPictures: true },
  google: { key: "GOOGLE_GENERATIVE_AI_API_KEY", package: "@ai-sdk/google", seesPictures: true },
  "openai-compatible": { key: "OPENAI_COMPATIBLE_API_KEY", package: "@ai-sdk/openai-compatible", seesPictures: false },
} as const;

export type ProviderName = keyof typeof PROVIDERS;

export interface ModelName {
  readonly provider: ProviderName;
  /** As the provider names it; may have colons of its own: `llama3.2:3b`. */
  readonly id: string;
}

/** Reads `provider:model`. Throws with the providers that there are. */
export function parseModelName(text: string): ModelName {
  const colon = text.indexOf(":");
  const provider = colon < 0 ? text : text.slice(0, colon);
  const id = colon < 0 ? "" : text.slice(colon + 1).trim();
  const known = ["offline", ...Object.keys(PROVIDERS)];
  if (!Object.hasOwn(PROVIDERS, provider)) {
    throw new AgentError(
      "UNKNOWN_MODEL",
      `There is no model "${text}".${didYouMean(provider, known)} Models are "offline" or provider:model, with one of ${Object.keys(PROVIDERS).join(", ")}`,
    );
  }
  if (id === "") throw new AgentError("UNKNOWN_MODEL", `Say which model of ${provider}: "${provider}:<model>"`);
  return { provider: provider as ProviderName, id };
}
