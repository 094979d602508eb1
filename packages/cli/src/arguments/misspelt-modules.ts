import { type Blueprint, ConfigError, type ConfigField, type ConfigFile, kebabCase } from "@dimos/core";
import { didYouMean } from "@dimos/rpc";

/**
 * A file may be for several blueprints, so that a module that is not here is only warned of. One whose name is nearly that
 * of a module here, which the file does not name, was meant for that.
 */
export function refuseMisspeltModules(
  { path, values }: ConfigFile,
  { entries }: Blueprint,
  fields: readonly ConfigField[],
) {
  const instances = entries.map(({ instance }) => instance);
  const keys = new Set(Object.keys(values).map(kebabCase));
  const known = new Set([...instances, ...fields.map(({ name }) => name)].map(kebabCase));
  const unnamed = instances.filter((instance) => !keys.has(kebabCase(instance)));
  for (const [key, value] of Object.entries(values)) {
    if (known.has(kebabCase(key)) || typeof value !== "object") continue;
    const suggestion = didYouMean(key, unnamed);
    if (suggestion !== "") throw new ConfigError(`There is no module "${key}" (from file ${path}).${suggestion}`);
  }
}
