import type { BlueprintEntry } from "../blueprint/entry.ts";
import { ConfigError } from "../errors.ts";
import { express } from "../input/express.ts";
import { type JsonSchema, jsonSchemaOf, type StandardSchema } from "../schema.ts";
import { GlobalConfigSchema } from "./global-config.ts";
import { kebabCase } from "./names.ts";

/** One setting: of the run (`instance` undefined) or of a module. */
export interface ConfigField {
  readonly instance: string | undefined;
  readonly name: string;
  readonly schema: JsonSchema;
  /** `go2-connection.robot-ip`; the short form of a global field has no module. */
  readonly qualifiedFlag: string;
}

export function globalFields(): ConfigField[] {
  return fieldsOf(undefined, jsonSchemaOf(GlobalConfigSchema) ?? {});
}

/** The settings that one module takes. */
export interface ConfigShape {
  readonly instance: string;
  readonly fields: readonly ConfigField[];
  /** It also takes settings that its schema does not list. */
  readonly isOpen: boolean;
}

export function configShape(entry: BlueprintEntry): ConfigShape {
  const { instance } = entry;
  if (entry.configSchema === undefined) return { instance, fields: [], isOpen: false };
  const schema = configSchemaOf(entry) ?? {};
  const { properties, additionalProperties = false } = schema;
  const isOpen = properties === undefined || additionalProperties !== false;
  return { instance, fields: fieldsOf(instance, schema), isOpen };
}

/** Every setting of a blueprint's modules. */
export function moduleFields(entries: readonly BlueprintEntry[]): ConfigField[] {
  return entries.flatMap((entry) => configShape(entry).fields);
}

/** A setting that its module takes, though its schema does not list it. */
export function unlistedField(instance: string, name: string): ConfigField {
  return fieldOf(instance, name, {});
}

function configSchemaOf({ instance, configSchema }: BlueprintEntry): JsonSchema | undefined {
  try {
    return jsonSchemaOf(configSchema);
  } catch (error) {
    const { problem } = express(configSchema as StandardSchema);
    throw new ConfigError(
      `No file, flag or variable can hold the config of ${instance}: ${problem?.reason ?? String(error)}. ${problem?.remedy ?? ""}`,
    );
  }
}

function fieldsOf(instance: string | undefined, schema: JsonSchema): ConfigField[] {
  const { properties, $defs } = schema as { properties?: Readonly<Record<string, JsonSchema>>; $defs?: JsonSchema };
  return Object.entries<JsonSchema>(properties ?? {}).map(([name, property]) =>
    fieldOf(instance, name, $defs === undefined ? property : { ...property, $defs }),
  );
}

function fieldOf(instance: string | undefined, name: string, schema: JsonSchema): ConfigField {
  const qualifiedFlag = instance === undefined ? kebabCase(name) : `${kebabCase(instance)}.${kebabCase(name)}`;
  return { instance, name, schema, qualifiedFlag };
}
