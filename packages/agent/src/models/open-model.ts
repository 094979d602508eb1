import type { AgentConfig } from "../agent-config.ts";
import { keyFor, languageModel } from "./language-model.ts";
import { ModelBrain } from "./model-brain.ts";
import { PROVIDERS, parseModelName } from "./model-name.ts";
import { optionalPackages } from "./optional-package.ts";

/** Opens the model that the config names. Throws, with what to do, when it is unknown, or its package or key is missing. */
export async function openModel(
  config: AgentConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ModelBrain> {
  const name = parseModelName(config.model);
  const { package: needed, seesPictures } = PROVIDERS[name.provider];
  const apiKey = keyFor(name, config.apiKey, environment);
  const ai = await optionalPackages(() => import("ai"), ["ai", needed], `The model "${config.model}"`);
  return new ModelBrain({
    ai,
    model: await languageModel(name, { apiKey, baseUrl: config.baseUrl }),
    name: config.model,
    seesPictures: config.vision ?? seesPictures,
    instructions: config.instructions,
    maxSteps: config.maxSteps,
    timeoutMs: config.modelTimeoutMs,
    retries: config.modelRetries,
    history: { messages: config.historyMessages, characters: config.historyCharacters },
    mask: (text) => (apiKey === undefined ? text : text.replaceAll(apiKey, "***")),
  });
}
