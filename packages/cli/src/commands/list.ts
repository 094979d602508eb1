import type { RegistryEntry } from "@dimos/blueprints";
import { EXIT, type ExitCode } from "../exit-codes.ts";
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
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(entries, undefined, 2)}\n`);
  } else {
    const rows = entries.map((entry) => [shortestName(entry, entries), entry.package, entry.description] as const);
    const [names, packages] = [0, 1].map((column) =>
      Math.max(0, ...rows.map((row) => (row[column] as string).length)),
    ) as [number, number];
    for (const [name, from, text] of rows)
      process.stdout.write(`${name.padEnd(names)}  ${from.padEnd(packages)}  ${text}\n`);
    if (entries.length === 0)
      process.stderr.write(
        "No blueprints here. Add a package that has some to your project, or a dimos field to your package.json\n",
      );
  }
  for (const warning of registry.warnings) process.stderr.write(`Warning: ${warning.package}: ${warning.message}\n`);
  return EXIT.ok;
}
