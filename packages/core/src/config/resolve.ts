import type { Blueprint } from "../blueprint/blueprint.ts";
import type { BlueprintEntry } from "../blueprint/entry.ts";
import { ConfigError } from "../errors.ts";
import type { GlobalConfig, GlobalConfigInput } from "./global-config.ts";
import type { ConfigValue } from "./overrides.ts";
import { settleGlobals, settleModule } from "./settle.ts";
import { type AddressedValues, addressAll, addressGlobals, type ConfigSources } from "./sources.ts";

export type { ConfigSources } from "./sources.ts";

/** Settings of modules, ready to be deployed. */
export interface ResolvedModules {
  /** As the sources gave them, by instance: the class completes them where it runs. */
  readonly configs: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Every setting, with the value that counts and its source. */
  readonly settings: readonly ConfigValue[];
  /** What was given and is for nothing here. */
  readonly warnings: readonly string[];
}

/** All settings of a run, of its own and of its modules. */
export interface ResolvedConfig extends ResolvedModules {
  readonly globals: GlobalConfig;
}

/** Settings of the run alone, as `new Dimos(overrides)` checks them before anything is known of modules. */
export function resolveGlobalConfig(
  sources: Omit<ConfigSources, "overrides"> & { readonly overrides?: GlobalConfigInput },
  blueprintGlobals: Readonly<Record<string, unknown>> = {},
): GlobalConfig {
  return settleGlobals(addressGlobals(sources, blueprintGlobals)).config;
}

/** Settings of every module of a load. Fails on an unknown, ambiguous or wrong value, and says where it comes from. */
export async function resolveModuleSettings(
  entries: readonly BlueprintEntry[],
  sources: ConfigSources,
): Promise<ResolvedModules> {
  const addressed = addressAll(entries, {}, sources);
  const ofRun = addressed.values.find(({ field, source }) => field.instance === undefined && source === "caller");
  if (ofRun !== undefined)
    throw new ConfigError(
      `"${ofRun.field.name}" is a setting of the run, not of a module: give it where the run is made`,
    );
  return settleModules(entries, addressed);
}

/** Everything that a run of this blueprint would be set to, and why. Nothing is started; disabled modules have no settings. */
export async function resolveConfig(blueprint: Blueprint, sources: ConfigSources = {}): Promise<ResolvedConfig> {
  const entries = blueprint.entries.filter((entry) => !entry.disabled);
  const addressed = addressAll(entries, blueprint.globals, sources);
  const run = settleGlobals(addressed.values);
  const modules = await settleModules(entries, addressed);
  return Object.freeze({
    ...modules,
    globals: run.config,
    settings: Object.freeze([...run.settings, ...modules.settings]),
  });
}

async function settleModules(
  entries: readonly BlueprintEntry[],
  { values, fields, warnings }: AddressedValues,
): Promise<ResolvedModules> {
  const configs = new Map<string, Readonly<Record<string, unknown>>>();
  const settings: ConfigValue[] = [];
  for (const entry of entries) {
    const module = await settleModule(entry, values, fields);
    configs.set(entry.instance, module.config);
    settings.push(...module.settings);
  }
  return Object.freeze({ configs, settings: Object.freeze(settings), warnings });
}
