import type { BlueprintRegistry } from "@dimos/blueprints";
import { autoconnect, type Blueprint, isBlueprint, isModuleClass, type ModuleClass } from "@dimos/core";
import { InvalidTargetError } from "./errors.ts";

/** What `run` takes. */
export type Target = string | Blueprint | ModuleClass;

/** One blueprint of everything that is to be run. Names are looked up in the registry; all unknown ones are reported at once. */
export async function resolveTargets(target: unknown, registry: () => BlueprintRegistry): Promise<Blueprint> {
  const targets: readonly unknown[] = Array.isArray(target) ? target : [target];
  if (targets.length === 0) throw new InvalidTargetError(target);
  for (const item of targets) if (!isTarget(item)) throw new InvalidTargetError(item);
  const names = targets.filter((item) => typeof item === "string");
  const found = names.length === 0 ? [] : registry().resolveAll(names);
  const loaded = new Map(
    await Promise.all(found.map(async (entry, index) => [names[index], await registry().load(entry)] as const)),
  );
  const parts = (targets as readonly Target[]).map((item) =>
    toBlueprint(typeof item === "string" ? loaded.get(item) : item),
  );
  return parts.length === 1 ? (parts[0] as Blueprint) : autoconnect(...parts);
}

function isTarget(item: unknown): item is Target {
  return typeof item === "string" || isBlueprint(item) || isModuleClass(item);
}

function toBlueprint(item: Blueprint | ModuleClass | undefined): Blueprint {
  return isModuleClass(item) ? item.blueprint() : (item as Blueprint);
}

/** One blueprint of several names. */
export function resolveNames(names: readonly string[], registry: BlueprintRegistry): Promise<Blueprint> {
  return resolveTargets(names, () => registry);
}

export function isName(target: Target): target is string {
  return typeof target === "string";
}
