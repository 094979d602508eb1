import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lintPacked } from "./packages/lint.ts";
import { packPublicPackages } from "./packages/pack.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "dimos-pack-"));
try {
  const packages = await packPublicPackages(root, directory);
  const problems = (await Promise.all(packages.map((packed) => lintPacked(packed, root)))).flat();
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(`packages ok: ${packages.length}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
