import { ConfigError, type ConfigField, type ConfigValue, coerceText, kebabCase, maskValue } from "@dimos/core";
import { type Command, Option } from "commander";

/**
 * Adds a flag for every setting: short (`--robot-ip`) where only one module has it and the command itself does not, and
 * always qualified (`--go2-connection.robot-ip`). What is given lands in the returned list; the last flag wins.
 */
export function addConfigOptions(
  command: Command,
  fields: readonly ConfigField[],
  taken: ReadonlySet<string | undefined>,
): readonly ConfigValue[] {
  const values: ConfigValue[] = [];
  for (const field of fields) {
    const group = field.instance === undefined ? "Settings of the run:" : `Settings of ${field.instance}:`;
    const name = kebabCase(field.name);
    const short = isShortFlagOf(field, fields) && !taken.has(name) ? name : undefined;
    const shown = short ?? field.qualifiedFlag;
    addField(command, shown, field, values, group);
    if (shown !== field.qualifiedFlag) addField(command, field.qualifiedFlag, field, values, undefined);
  }
  for (const [flag, choices] of ambiguousFlags(fields)) {
    if (taken.has(flag)) continue;
    const refuse = () => {
      throw new ConfigError(
        `Option --${flag} is ambiguous. Use one of: ${choices.map((choice) => `--${choice}`).join(", ")}`,
      );
    };
    command.addOption(new Option(`--${flag} [value]`).hideHelp());
    command.on(`option:${flag}`, refuse);
  }
  return values;
}

function addField(
  command: Command,
  flag: string,
  field: ConfigField,
  values: ConfigValue[],
  group: string | undefined,
): void {
  const isBoolean = field.schema.type === "boolean";
  const option = new Option(`--${flag} ${isBoolean ? "[value]" : "<value>"}`, describe(field));
  command.addOption(group === undefined ? option.hideHelp() : option.helpGroup(group));
  command.on(`option:${flag}`, (value: string | null) => {
    const source = `--${flag}`;
    values.push({ field, value: value === null ? true : coerceText(value, field.schema, source), source });
  });
  if (!isBoolean) return;
  command.addOption(new Option(`--no-${flag}`).hideHelp());
  command.on(`option:no-${flag}`, () => {
    values.push({ field, value: false, source: `--no-${flag}` });
  });
}

/** A setting of the run keeps its short flag; a module's has one where no other setting has that name. */
function isShortFlagOf(field: ConfigField, fields: readonly ConfigField[]): boolean {
  return field.instance === undefined || fields.filter((other) => other.name === field.name).length === 1;
}

function ambiguousFlags(fields: readonly ConfigField[]): Map<string, string[]> {
  const byName = Map.groupBy(fields, (field) => field.name);
  const ambiguous = [...byName].filter(
    ([, same]) => same.length > 1 && same.every((field) => field.instance !== undefined),
  );
  return new Map(ambiguous.map(([name, same]) => [kebabCase(name), same.map((field) => field.qualifiedFlag)]));
}

function describe({ schema }: ConfigField): string {
  const type = Array.isArray(schema.enum) ? schema.enum.join(" | ") : String(schema.type ?? "JSON");
  const fallback =
    schema.default === undefined ? "" : `, default ${JSON.stringify(maskValue(schema.default, { schema }))}`;
  const text = typeof schema.description === "string" ? `${schema.description} ` : "";
  return `${text}(${type}${fallback})`;
}
