import { fileURLToPath } from "node:url";
import { BlueprintRegistry } from "@dimos/blueprints";

/** What can be run from the working directory, and what was installed beside the command. */
export function discoverRegistry(): BlueprintRegistry {
  return BlueprintRegistry.discover({ from: process.cwd(), alsoFrom: fileURLToPath(new URL(".", import.meta.url)) });
}
