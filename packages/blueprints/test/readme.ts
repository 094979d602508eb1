import { BlueprintRegistry } from "@dimos/blueprints";

export async function findPatrol(from: string) {
  const registry = BlueprintRegistry.discover({ from });
  registry.list(); // [{ kind, qualifiedName, package, description, entry, ... }]
  registry.warnings; // packages that could not be read, and why
  const target = registry.resolve("acme-rover.patrol"); // throws with suggestions when there is no such name
  return await registry.load(target); // a Blueprint or a Module class
}
