import type { RegistryEntry } from "./entry.ts";
import { kebabCase } from "./name-case.ts";

/**
 * The entries a name may mean; more than one when it is ambiguous. This project's own come before those of its
 * dependencies, and a name written exactly before the kebab name of a module.
 */
export function lookUp(name: string, entries: readonly RegistryEntry[]): readonly RegistryEntry[] {
  const matching = entries.filter((entry) => namesOf(entry).includes(name));
  const own = matching.filter((entry) => entry.own);
  const nearest = own.length > 0 ? own : matching;
  const exact = nearest.filter((entry) => entry.name === name || entry.qualifiedName === name);
  return exact.length > 0 ? exact : nearest;
}

/** Names to suggest in place of an unknown one, written in the same way: qualified when it is, classes when it has capitals. */
export function namesLike(name: string, entries: readonly RegistryEntry[]): string[] {
  const spelled = entries.map((entry) => {
    const spelling = entry.kind === "module" && !/[A-Z]/.test(name) ? kebabCase(entry.name) : entry.name;
    return name.includes(".") ? `${namespaceOf(entry)}.${spelling}` : spelling;
  });
  return [...new Set(spelled)];
}

/** How to write each of several entries so that only it is meant. */
export function unambiguousNames(entries: readonly RegistryEntry[]): string[] {
  const qualified = entries.map((entry) => entry.qualifiedName);
  if (new Set(qualified).size === qualified.length) return qualified;
  return entries.map((entry) => `${entry.package}#${entry.name}`);
}

function namesOf(entry: RegistryEntry): string[] {
  if (entry.kind === "blueprint") return [entry.name, entry.qualifiedName];
  const kebab = kebabCase(entry.name);
  return [entry.name, entry.qualifiedName, kebab, `${namespaceOf(entry)}.${kebab}`];
}

function namespaceOf(entry: RegistryEntry): string {
  return entry.qualifiedName.slice(0, -entry.name.length - 1);
}
