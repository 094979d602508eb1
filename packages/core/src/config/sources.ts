import { didYouMean } from "@dimos/rpc";
import type { BlueprintEntry } from "../blueprint/entry.ts";
import { ConfigError } from "../errors.ts";
import type { ConfigFile } from "./config-file.ts";
import { dotEnvValues, environmentValues, misspeltVariables, type Variables } from "./environment.ts";
import { type ConfigField, configShape, globalFields } from "./fields.ts";
import { isRecord } from "./is-record.ts";
import {
  addressModule,
  addressObject,
  type ConfigScope,
  type ConfigValue,
  findInstance,
  isNamed,
} from "./overrides.ts";

/** Where values come from beside the blueprint; later members win over earlier ones. */
export interface ConfigSources {
  readonly file?: ConfigFile | undefined;
  readonly dotEnv?: Variables | undefined;
  readonly env?: Variables | undefined;
  /** Arguments of the program. */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
  /** Values of command line flags, each with its flag as the source; of two for one setting the later counts. */
  readonly flags?: readonly ConfigValue[] | undefined;
}

/** Values for the run, before its modules are known: what a file says of modules is for later. */
export function addressGlobals(
  sources: ConfigSources,
  blueprintGlobals: Readonly<Record<string, unknown>>,
): ConfigValue[] {
  const fields = globalFields();
  const { values = {}, path } = sources.file ?? {};
  const inFile = Object.entries(values).filter(([key]) => fields.some((field) => isNamed(field, key)));
  const scope = { fields, instances: [], open: new Set<string>() };
  return [
    ...exactGlobals(blueprintGlobals, "blueprint", fields),
    ...addressObject(Object.fromEntries(inFile), `file ${path}`, scope),
    ...variableValues(sources, fields),
    ...exactGlobals(sources.overrides ?? {}, "caller", fields),
    ...(sources.flags ?? []).filter(({ field }) => field.instance === undefined),
  ];
}

export interface AddressedValues {
  /** The weakest first. */
  readonly values: readonly ConfigValue[];
  /** Every setting there is. */
  readonly fields: readonly ConfigField[];
  /** What was left out because it is for nothing here. */
  readonly warnings: readonly string[];
}

/** Values for the run and for its modules. */
export function addressAll(
  entries: readonly BlueprintEntry[],
  blueprintGlobals: Readonly<Record<string, unknown>>,
  sources: ConfigSources,
): AddressedValues {
  const globals = globalFields();
  const shapes = entries.map(configShape);
  const scope: ConfigScope = {
    fields: [...globals, ...shapes.flatMap((shape) => shape.fields)],
    instances: shapes.map((shape) => shape.instance),
    open: new Set(shapes.filter((shape) => shape.isOpen).map((shape) => shape.instance)),
  };
  const file = fileValues(sources.file, scope);
  const values = [
    ...exactGlobals(blueprintGlobals, "blueprint", globals),
    ...entries.flatMap(({ instance, config }) => addressModule(instance, config, "blueprint", scope)),
    ...file.values,
    ...variableValues(sources, scope.fields),
    ...addressObject(sources.overrides ?? {}, "caller", scope),
    ...(sources.flags ?? []),
  ];
  const variables = { ...sources.dotEnv, ...sources.env };
  return { values, fields: scope.fields, warnings: [...file.warnings, ...misspeltVariables(variables, scope.fields)] };
}

function exactGlobals(
  values: Readonly<Record<string, unknown>>,
  source: string,
  fields: readonly ConfigField[],
): ConfigValue[] {
  const known = fields.map((field) => field.name);
  return Object.entries(values).map(([key, value]) => {
    const field = fields.find((candidate) => candidate.name === key);
    if (field !== undefined) return { field, value, source };
    throw new ConfigError(`There is no setting "${key}".${didYouMean(key, known)} Settings: ${known.join(", ")}`);
  });
}

/** A file may be for several loads: an object for a module that is not in this one is left out, with a warning. */
function fileValues(file: ConfigFile | undefined, scope: ConfigScope) {
  if (file === undefined) return { values: [], warnings: [] };
  const source = `file ${file.path}`;
  const isElsewhere = ([key, value]: readonly [string, unknown]) =>
    isRecord(value) &&
    findInstance(key, source, scope) === undefined &&
    !scope.fields.some((field) => isNamed(field, key));
  const entries = Object.entries(file.values);
  return {
    values: addressObject(Object.fromEntries(entries.filter((entry) => !isElsewhere(entry))), source, scope),
    warnings: entries
      .filter(isElsewhere)
      .map(([key]) => `${source}: there is no module "${key}" here.${didYouMean(key, scope.instances)}`),
  };
}

function variableValues({ dotEnv = {}, env = {} }: ConfigSources, fields: readonly ConfigField[]): ConfigValue[] {
  return [...dotEnvValues(dotEnv, fields), ...environmentValues(env, fields)];
}
