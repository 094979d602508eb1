import type { Blueprint } from "../blueprint/blueprint.ts";
import type { BlueprintEntry } from "../blueprint/entry.ts";
import { type ConfigSources, resolveModuleSettings } from "../config/resolve.ts";
import { checkRequirements } from "../coordinator/check-requirements.ts";
import type { LoadRequest, PlainEntry } from "./protocol.ts";

/**
 * A blueprint as it travels to its run, without what cannot: classes, schemas, and requirements. Those are functions of
 * this program, so they are checked here, with what is known here: what the blueprint and the caller set, and the
 * defaults. What the run's own environment sets beside that, the run alone knows.
 */
export async function loadRequestOf(
  blueprint: Blueprint,
  overrides: Readonly<Record<string, unknown>> | undefined,
): Promise<LoadRequest> {
  const sources: ConfigSources = overrides === undefined ? {} : { overrides };
  const { configs, settings } = await resolveModuleSettings(blueprint.entries, sources);
  const active = blueprint.entries.filter((entry) => !entry.disabled);
  await checkRequirements(blueprint.checks, active, settings);
  const entries = blueprint.entries.map((entry) => plainEntry(entry, configs.get(entry.instance) ?? {}));
  return { entries, globals: blueprint.globals, warnings: blueprint.warnings };
}

function plainEntry(
  { configSchema: _, moduleClass: __, ...entry }: BlueprintEntry,
  config: Readonly<Record<string, unknown>>,
): PlainEntry {
  return { ...entry, config };
}
