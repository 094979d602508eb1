import type { RegistryEntry } from "@dimos/blueprints";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print, printJson, say, table } from "../output/print.ts";
import { discoverRegistry } from "../project/registry.ts";

/** The bare name, where `dimos run` takes it. */
function shortestName(entry: RegistryEntry, entries: readonly RegistryEntry[]): string {
  const isUnique = entries.filter((other) => other.name === entry.name).length === 1;
  return isUnique || entry.own ? entry.name : entry.qualifiedName;
}

/** `dimos list`: what can be run here. Nothing of it is imported. */
export async function list(options: { readonly modules?: boolean; readonly json?: boolean }): Promise<ExitCode> {
  const registry = discoverRegistry();
  const entries = registry.list().filter((entry) => entry.kind === "blueprint" || options.modules === true);
  if (options.json === true) await printJson(entries);
  else await print(table(entries.map((entry) => [shortestName(entry, entries), entry.package, entry.description])));
  if (entries.length === 0)
    say("No blueprints here. Add a package that has some to your project, or a dimos field to your package.json");
  for (const warning of registry.warnings) say(`Warning: ${warning.package}: ${warning.message}`);
  return EXIT.ok;
}
