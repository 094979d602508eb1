import { isDeepStrictEqual } from "node:util";
import type { Blueprint } from "../blueprint/blueprint.ts";
import type { GlobalConfig } from "../config/global-config.ts";
import { maskValue } from "../config/secrets.ts";
import { addressGlobals } from "../config/sources.ts";

/**
 * What a blueprint that is loaded later wants of the run, which is made by then: a sentence that names what is otherwise.
 * Fails for a setting that there is not.
 */
export function warnLateSettings({ globals }: Blueprint, settings: GlobalConfig): string[] {
  const now: Readonly<Record<string, unknown>> = settings;
  const late = addressGlobals({}, globals).filter(({ field, value }) => !isDeepStrictEqual(value, now[field.name]));
  if (late.length === 0) return [];
  const named = late.map(({ field, value }) => {
    const [wanted, kept] = [value, now[field.name]].map((shown) => JSON.stringify(maskValue(shown, field)) ?? "none");
    return `${field.name}: ${wanted} (it stays ${kept})`;
  });
  return [
    `The blueprint sets ${named.join(", ")}. These count from the start of a run, and this one has started: give them where it is made`,
  ];
}
