import { isSecret, MASK, maskValue } from "@dimos/core";
import { parseShowConfigArguments } from "../arguments/run-arguments.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { Paint } from "../output/paint.ts";
import { print, printJson, say, table } from "../output/print.ts";
import { shown } from "../output/shown.ts";
import { discoverRegistry } from "../project/registry.ts";

/**
 * `dimos show-config [NAME... SETTINGS...]`: every setting that `dimos run` would use with the same arguments, and where
 * it comes from. Without a name, the settings of any run.
 */
export async function showConfig(argv: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const isJson = argv.includes("--json");
  const parsed = await parseShowConfigArguments(argv, discoverRegistry(), signal);
  if (parsed === undefined) return EXIT.ok;
  const { settings: found, warnings } = parsed.config;
  const settings = found.map(({ field, value, source }) => ({
    module: field.instance,
    name: field.name,
    flag: `--${field.qualifiedFlag}`,
    value: isSecret(field.schema) && value !== undefined ? MASK : maskValue(value, field),
    source,
  }));
  for (const warning of warnings) say(`Warning: ${warning}`);
  if (isJson) {
    await printJson(settings);
    return EXIT.ok;
  }
  const paint = new Paint(process.stdout);
  for (const [module, own] of Map.groupBy(settings, (setting) => setting.module)) {
    const rows = own.map(({ name, value, source }) => [
      `  ${name}`,
      value === undefined ? "-" : JSON.stringify(value),
      source,
    ]);
    await print(shown`${paint.bold(module ?? "Run")}\n${table(rows)}`);
  }
  return EXIT.ok;
}
