import { fileURLToPath } from "node:url";
import { BlueprintRegistry } from "@dimos/blueprints";
import { workingDirectory } from "@dimos/core/runs";

/** What can be run from the working directory, and what was installed beside the command. */
export function discoverRegistry(): BlueprintRegistry {
  const cwd = workingDirectory();
  return BlueprintRegistry.discover({ cwd, from: cwd, alsoFrom: fileURLToPath(new URL(".", import.meta.url)) });
}
