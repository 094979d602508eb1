import type { BlueprintRegistry } from "@dimos/blueprints";
import { autoconnect, type Blueprint, isModuleClass } from "@dimos/core";

/** One blueprint of everything that was named. */
export async function loadBlueprints(names: readonly string[], registry: BlueprintRegistry): Promise<Blueprint> {
  const targets = await Promise.all(registry.resolveAll(names).map((target) => registry.load(target)));
  return autoconnect(...targets.map((target) => (isModuleClass(target) ? target.blueprint() : target)));
}
