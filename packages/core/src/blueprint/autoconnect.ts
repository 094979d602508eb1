import { BLUEPRINT, hasBrand } from "../brand.ts";
import { BlueprintError } from "../errors.ts";
import { Blueprint } from "./blueprint.ts";
import type { BlueprintEntry } from "./entry.ts";

/**
 * Joins plans. Streams of equal name and message type connect by themselves. Order is kept; of two modules with one
 * instance name the later wins, with a warning when it is another class.
 */
export function autoconnect(...blueprints: readonly Blueprint[]): Blueprint {
  const warnings: string[] = [];
  const entries = new Map<string, BlueprintEntry>();
  for (const blueprint of blueprints) {
    if (!isBlueprint(blueprint))
      throw new BlueprintError("autoconnect() takes blueprints: use X.blueprint() for a module class X");
    warnings.push(...blueprint.warnings);
    for (const entry of blueprint.entries) {
      const before = entries.get(entry.instance);
      if (before !== undefined && before.shape.classChain[0] !== entry.shape.classChain[0]) {
        warnings.push(
          `${entry.instance}: ${entry.shape.className} of ${entry.shape.source} takes the place of ${before.shape.className} of ${before.shape.source}`,
        );
      }
      entries.set(entry.instance, entry);
    }
  }
  return new Blueprint({
    entries: [...entries.values()],
    globals: Object.assign({}, ...blueprints.map((blueprint) => blueprint.globals)),
    checks: blueprints.flatMap((blueprint) => blueprint.checks),
    warnings,
  });
}

export function isBlueprint(value: unknown): value is Blueprint {
  return hasBrand(value, BLUEPRINT);
}
