import { suggest } from "@dimos/rpc";
import { coerceText } from "./coerce.ts";
import type { ConfigField } from "./fields.ts";
import { constantCase } from "./names.ts";
import type { ConfigValue } from "./overrides.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

const PREFIX = "DIMOS_";
const ENVIRONMENT = "environment ";
const DOT_ENV = ".env";
/** Variables that are no settings. */
const OTHERS = /^DIMOS_(?:CLOCK_BASE_MS|STATE_DIR|VALIDATE|WORKER_.*)$/;

/** Settings from `DIMOS_N_WORKERS` and `DIMOS_<MODULE>__<FIELD>`. */
export function environmentValues(variables: Variables, fields: readonly ConfigField[]): ConfigValue[] {
  return readVariables(variables, fields, (name) => `${ENVIRONMENT}${name}`);
}

export function dotEnvValues(variables: Variables, fields: readonly ConfigField[]): ConfigValue[] {
  return readVariables(variables, fields, () => DOT_ENV);
}

/** Whether a value was read from a variable, which other programs read as well. */
export function isOfVariable({ source }: ConfigValue): boolean {
  return source === DOT_ENV || source.startsWith(ENVIRONMENT);
}

/** A sentence for each variable that is no setting and looks as if it was meant to be one. */
export function misspeltVariables(variables: Variables, fields: readonly ConfigField[]): string[] {
  const known = new Set(fields.map(environmentName));
  const unknown = Object.keys(variables).filter(
    (name) => name.startsWith(PREFIX) && !known.has(name) && !OTHERS.test(name) && variables[name] !== undefined,
  );
  const names = [...known].map((name) => name.slice(PREFIX.length));
  return unknown.flatMap((name) => {
    const [nearest] = suggest(name.slice(PREFIX.length), names, 1);
    return nearest === undefined ? [] : [`${name} is no setting here. Did you mean ${PREFIX}${nearest}?`];
  });
}

export function environmentName(field: ConfigField): string {
  const module = field.instance === undefined ? "" : `${constantCase(field.instance)}__`;
  return `${PREFIX}${module}${constantCase(field.name)}`;
}

function readVariables(
  variables: Variables,
  fields: readonly ConfigField[],
  sourceOf: (name: string) => string,
): ConfigValue[] {
  return fields.flatMap((field) => {
    const name = environmentName(field);
    const text = variables[name];
    return text === undefined ? [] : [{ field, value: coerceText(text, field.schema, name), source: sourceOf(name) }];
  });
}
