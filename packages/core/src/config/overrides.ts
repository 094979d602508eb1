import { didYouMean } from "@dimos/rpc";
import { ConfigError } from "../errors.ts";
import { type ConfigField, unlistedField } from "./fields.ts";
import { isRecord } from "./is-record.ts";
import { kebabCase } from "./names.ts";

/** A value for a setting, and where it comes from. */
export interface ConfigValue {
  readonly field: ConfigField;
  readonly value: unknown;
  /** `default`, `blueprint`, `file robot.json`, `.env`, `environment DIMOS_N_WORKERS`, `caller`, or a flag. */
  readonly source: string;
}

/** The settings that values can be for. */
export interface ConfigScope {
  readonly fields: readonly ConfigField[];
  readonly instances: readonly string[];
  /** Those that also take settings which are not listed. */
  readonly open: ReadonlySet<string>;
}

/**
 * Addresses a nested object of settings: `{ nWorkers: 4, Go2Connection: { world: "office" }, speed: 0.3 }`. A key is a
 * setting of the run, a module (instance name or its kebab-case) with an object, or a module's setting that is unique.
 */
export function addressObject(
  object: Readonly<Record<string, unknown>>,
  source: string,
  scope: ConfigScope,
): ConfigValue[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const instance = findInstance(key, source, scope);
    if (instance !== undefined && isRecord(value)) return addressModule(instance, value, source, scope);
    if (instance !== undefined && !scope.fields.some((field) => isNamed(field, key))) {
      throw new ConfigError(
        `${instance} is a module (${from(source)}): give it an object of its settings, not a ${typeof value}`,
      );
    }
    return [{ field: findField(key, source, scope), value, source }];
  });
}

/** Settings of one module. */
export function addressModule(
  instance: string,
  object: Readonly<Record<string, unknown>>,
  source: string,
  { fields, open }: ConfigScope,
): ConfigValue[] {
  const own = fields.filter((field) => field.instance === instance);
  return Object.entries(object).map(([key, value]) => {
    const field = own.find((candidate) => candidate.name === key);
    if (field !== undefined) return { field, value, source };
    if (open.has(instance)) return { field: unlistedField(instance, key), value, source };
    const names = own.map((candidate) => candidate.name);
    if (names.length === 0) throw new ConfigError(`${instance} takes no config, got ${key} (${from(source)})`);
    throw new ConfigError(
      `${instance} has no setting "${key}" (${from(source)}).${didYouMean(key, names)} It has: ${names.join(", ")}`,
    );
  });
}

/** The module that a key means: its instance name, else the only one with that kebab-case. */
export function findInstance(key: string, source: string, { instances }: ConfigScope): string | undefined {
  if (instances.includes(key)) return key;
  const found = instances.filter((name) => kebabCase(name) === kebabCase(key));
  if (found.length < 2) return found[0];
  throw new ConfigError(`"${key}" (${from(source)}) is ambiguous. Use one of: ${found.join(", ")}`);
}

/** A setting by its short name; the error lists what an ambiguous one could mean. */
function findField(key: string, source: string, { fields, instances }: ConfigScope): ConfigField {
  const found = fields.filter((field) => isNamed(field, key));
  const [first] = found.filter((field) => field.instance === undefined).concat(found);
  if (first !== undefined && (first.instance === undefined || found.length === 1)) return first;
  if (found.length > 1) {
    throw new ConfigError(
      `Setting "${key}" (${from(source)}) is ambiguous. Use one of: ${found.map((field) => `${field.instance}.${field.name}`).join(", ")}`,
    );
  }
  const known = [...fields.map((field) => field.name), ...instances];
  throw new ConfigError(`There is no setting "${key}" (${from(source)}).${didYouMean(key, known)}`);
}

export function isNamed(field: ConfigField, key: string): boolean {
  return field.name === key || kebabCase(field.name) === key;
}

/** `from the caller`, `from file robot.json`: for sentences. */
export function from(source: string): string {
  return source === "caller" || source === "blueprint" ? `from the ${source}` : `from ${source}`;
}
