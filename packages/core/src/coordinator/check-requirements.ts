import type { RequiredModule, Requirement } from "../blueprint/requirement.ts";
import type { ConfigValue } from "../config/overrides.ts";
import { BlueprintError } from "../errors.ts";
import type { ModuleShape } from "../module/shape.ts";

/** Fails with the sentences of all that are not met. A check that throws is one that is not met. */
export async function checkRequirements(
  checks: readonly Requirement[],
  entries: readonly { readonly instance: string; readonly shape: ModuleShape }[],
  settings: readonly ConfigValue[],
): Promise<void> {
  const modules = entries.map(({ instance, shape: { className } }) => {
    const own = settings.filter(({ field }) => field.instance === instance);
    return { instance, className, config: Object.fromEntries(own.map(({ field, value }) => [field.name, value])) };
  });
  const results = await Promise.all(checks.map((check) => messageOf(check, modules)));
  const failed = results.filter((message) => message !== undefined);
  if (failed.length > 0)
    throw new BlueprintError(`Requirements are not met:\n${failed.map((message) => `- ${message}`).join("\n")}`);
}

async function messageOf(check: Requirement, modules: readonly RequiredModule[]): Promise<string | undefined> {
  try {
    return await check({ modules });
  } catch (error) {
    return `a check failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
