import type { LanguageModel } from "ai";
import { AgentError } from "../errors.ts";
import { type ModelName, PROVIDERS } from "./model-name.ts";
import { optionalPackages } from "./optional-package.ts";

export interface ModelAccess {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}

/** The key for a model: from config, else from the provider's environment variable. Local servers need none. */
export function keyFor(
  { provider, id }: ModelName,
  configured: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { key } = PROVIDERS[provider];
  const found = [configured, environment[key]].find((value) => value !== undefined && value !== "");
  if (found !== undefined || provider === "openai-compatible") return found;
  throw new AgentError(
    "MODEL_KEY_MISSING",
    `The model "${provider}:${id}" needs a key. Set ${key} in the environment, or apiKey of the Agent (--api-key, or DIMOS_AGENT__API_KEY, also in .env)`,
  );
}

/** Opens a model with the package of its provider, which is imported now. Nothing is sent yet. */
export async function languageModel(name: ModelName, { apiKey, baseUrl }: ModelAccess): Promise<LanguageModel> {
  const { provider, id } = name;
  const settings = {
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
  };
  const load = <T>(packages: () => Promise<T>) =>
    optionalPackages(packages, ["ai", PROVIDERS[provider].package], `The model "${provider}:${id}"`);
  switch (provider) {
    case "openai": {
      const { createOpenAI } = await load(() => import("@ai-sdk/openai"));
      return createOpenAI(settings)(id);
    }
    case "anthropic": {
      const { createAnthropic } = await load(() => import("@ai-sdk/anthropic"));
      return createAnthropic(settings)(id);
    }
    case "google": {
      const { createGoogleGenerativeAI } = await load(() => import("@ai-sdk/google"));
      return createGoogleGenerativeAI(settings)(id);
    }
    case "openai-compatible": {
      if (baseUrl === undefined) {
        throw new AgentError(
          "UNKNOWN_MODEL",
          `The model "openai-compatible:${id}" needs baseUrl in the config of the Agent, as http://127.0.0.1:11434/v1`,
        );
      }
      const { createOpenAICompatible } = await load(() => import("@ai-sdk/openai-compatible"));
      return createOpenAICompatible({ ...settings, baseURL: baseUrl, name: "openai-compatible" })(id);
    }
    default:
      return provider satisfies never;
  }
}
