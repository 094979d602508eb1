import type { BlueprintEntry } from "../blueprint/entry.ts";
import { ConfigError } from "../errors.ts";
import { InputCheck } from "../input/input-check.ts";
import { describeIssues } from "../parse-input.ts";
import type { SchemaIssue } from "../schema.ts";
import { isOfVariable } from "./environment.ts";
import { type ConfigField, globalFields } from "./fields.ts";
import { type GlobalConfig, GlobalConfigSchema } from "./global-config.ts";
import { isRecord } from "./is-record.ts";
import { type ConfigValue, from } from "./overrides.ts";

type RawConfig = Readonly<Record<string, unknown>>;

export interface SettledGlobals {
  readonly config: GlobalConfig;
  /** Every setting with the value that counts and its source. */
  readonly settings: readonly ConfigValue[];
}

export interface SettledModule {
  /** As the sources gave it: the worker's own class checks it again and completes it. */
  readonly config: RawConfig;
  readonly settings: readonly ConfigValue[];
}

/** Checks the settings of the run. Of several values for one setting the last counts. */
export function settleGlobals(values: readonly ConfigValue[]): SettledGlobals {
  const chosen = withoutClientTokens(lastOfEach(values, undefined));
  const result = GlobalConfigSchema.safeParse(rawOf(chosen));
  if (!result.success) {
    throw new ConfigError(
      result.error.issues
        .map((issue) => `Setting "${issue.path.join(".")}"${sourceOf(issue, chosen)}: ${issue.message}`)
        .join("\n"),
    );
  }
  const config = Object.freeze(checkTogether(result.data));
  return { config, settings: withSources(defaultsOf(globalFields(), config), chosen) };
}

/** Checks the settings of one module, with what the blueprint gives first. */
export async function settleModule(
  entry: BlueprintEntry,
  values: readonly ConfigValue[],
  fields: readonly ConfigField[],
): Promise<SettledModule> {
  const chosen = lastOfEach(values, entry.instance);
  const config = Object.freeze(rawOf(chosen));
  if (entry.configSchema === undefined) return { config, settings: [] };
  const result = await new InputCheck(entry.configSchema).validate(config);
  if (result.issues !== undefined) {
    const issues = result.issues.map((issue) => `${describeIssues([issue]).join("")}${sourceOf(issue, chosen)}`);
    throw new ConfigError(`Invalid config of ${entry.instance}: ${issues.join("; ")}`);
  }
  const own = fields.filter((field) => field.instance === entry.instance);
  return { config, settings: withSources(defaultsOf(own, result.value), chosen) };
}

function lastOfEach(values: readonly ConfigValue[], instance: string | undefined): ReadonlyMap<string, ConfigValue> {
  return new Map(values.filter(({ field }) => field.instance === instance).map((value) => [value.field.name, value]));
}

/** `DIMOS_TOKEN` is also what a client shows to runs elsewhere: without `listen` it says nothing about this run. */
function withoutClientTokens(chosen: ReadonlyMap<string, ConfigValue>): ReadonlyMap<string, ConfigValue> {
  if (chosen.get("listen")?.value !== undefined) return chosen;
  const tokens = ["token", "callToken"];
  return new Map([...chosen].filter(([name, value]) => !(tokens.includes(name) && isOfVariable(value))));
}

function rawOf(chosen: ReadonlyMap<string, ConfigValue>): Record<string, unknown> {
  return Object.fromEntries([...chosen].map(([name, { value }]) => [name, value]));
}

function defaultsOf(fields: readonly ConfigField[], config: unknown): ConfigValue[] {
  return fields.map((field) => ({ field, value: readName(config, field.name), source: "default" }));
}

/** In the order of the schema, then what it does not list. */
function withSources(defaults: readonly ConfigValue[], chosen: ReadonlyMap<string, ConfigValue>): ConfigValue[] {
  const listed = new Set(defaults.map(({ field }) => field.name));
  const unlisted = [...chosen.values()].filter(({ field }) => !listed.has(field.name));
  return [...defaults.map((value) => chosen.get(value.field.name) ?? value), ...unlisted].map((setting) =>
    Object.freeze(setting),
  );
}

/** Where a wrong value comes from, unless it is the one who reads this that gave it. */
function sourceOf({ path = [] }: SchemaIssue, chosen: ReadonlyMap<string, ConfigValue>): string {
  const [step] = path;
  const name = String(typeof step === "object" ? step.key : step);
  const source = chosen.get(name)?.source;
  return source === undefined || source === "caller" ? "" : ` (${from(source)})`;
}

function readName(config: unknown, name: string): unknown {
  return isRecord(config) && Object.hasOwn(config, name) ? config[name] : undefined;
}

/** Settings that go together. */
function checkTogether(config: GlobalConfig): GlobalConfig {
  if (config.clock === "simulation" && config.nWorkers > 0) {
    throw new ConfigError("A simulation clock orders the work of one process only: set nWorkers to 0 with it");
  }
  if ((config.listen === undefined) !== (config.token === undefined)) {
    throw new ConfigError(
      'Serving over TCP needs both: listen ("ws://127.0.0.1:7447") and a token of 16 characters or more',
    );
  }
  if (config.callToken !== undefined && (config.token === undefined || config.callToken === config.token)) {
    throw new ConfigError("callToken opens less than token does: it needs a token beside it, and must be another one");
  }
  return config;
}
