import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packPublicPackages } from "./packages/pack.ts";
import { footprint, largeMessages, rpcAlone } from "./packed/checks.ts";
import { buildForeignPackage, foreignPackage } from "./packed/foreign-package.ts";
import { nodesToTry } from "./packed/nodes.ts";
import { robotProgram } from "./packed/robot-program.ts";

// J2: the packages as they would be published, installed by npm into empty projects outside the workspace.
const root = fileURLToPath(new URL("..", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "dimos-packed-"));
try {
  const packages = await packPublicPackages(root, directory);
  const bench = { root, directory, packages };
  const rover = await buildForeignPackage(bench);
  const nodes = nodesToTry(root);
  const results = await Promise.allSettled([
    footprint(bench),
    ...nodes.flatMap((node) => {
      const own = { ...bench, directory: join(directory, node.name.replace(" ", "-")) };
      const checks = [
        rpcAlone(own, node),
        largeMessages(own, node, node.executable === process.execPath),
        foreignPackage(own, node, rover),
        robotProgram(own, node, rover),
      ];
      return checks.map(async (check) => `${node.name}: ${await check}`);
    }),
  ]);
  for (const result of results) {
    if (result.status === "fulfilled") console.log(`packed ok: ${result.value}`);
    else console.error(describe(result.reason));
  }
  if (results.some(({ status }) => status === "rejected")) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** With what the command that failed printed. */
function describe(error: Error & { readonly stdout?: string; readonly stderr?: string }): string {
  return [error.message, error.stdout, error.stderr].filter((text) => text).join("\n");
}
