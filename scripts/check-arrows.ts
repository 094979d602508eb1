import { fileURLToPath } from "node:url";
import { checkPackage } from "./arrows/check-package.ts";
import { readWorkspace } from "./arrows/workspace.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const workspace = readWorkspace(root);
const violations = workspace.packages.flatMap((member) => checkPackage(member, workspace));

for (const { file, line, message } of violations) console.error(`${file}:${line} ${message}`);
if (violations.length > 0) {
  process.exitCode = 1;
} else {
  const files = workspace.packages.reduce((sum, member) => sum + member.sources.length + member.declarations.length, 0);
  console.log(`arrows ok: ${files} files`);
}
