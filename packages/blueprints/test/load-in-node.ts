import { BlueprintRegistry } from "../src/index.ts";

// Resolves and loads the name in argv[3] from the folder in argv[2] in a plain Node process, where imports are Node's own
// and not those of the test runner, and prints what came of it as one line of JSON.
const [folder = "", name = ""] = process.argv.slice(2);
const registry = BlueprintRegistry.discover({ from: folder, cwd: folder });

try {
  const loaded = await registry.load(registry.resolve(name));
  const { isBlueprint } = await import("@dimos/core");
  console.log(JSON.stringify({ kind: isBlueprint(loaded) ? "blueprint" : "module", id: Reflect.get(loaded, "id") }));
} catch (error) {
  const { code, message, cause } = error as Error & { code: string };
  console.log(JSON.stringify({ code, message, cause: cause instanceof Error ? cause.message : cause }));
}
