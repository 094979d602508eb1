import { globSync, readFileSync } from "node:fs";
import { lineAt } from "./arrows/imports.ts";
import { mask } from "./arrows/mask.ts";

// A control character out of a message, a name, a result or an error moves the cursor of whoever reads it, or forges a
// line. So only these files write to a terminal, or declare a text fit for one, and everything else goes through them.
const WRITERS: Readonly<Record<string, string>> = {
  "packages/cli/bin/dimos.js": "runs on every Node, and prints nothing from outside",
  "packages/cli/src/live/live-view.ts": "draws what is shown already",
  "packages/cli/src/main.ts": "says that the output cannot be written",
  "packages/cli/src/output/inspected.ts": "checks what inspect shows",
  "packages/cli/src/output/log-line.ts": "shows lines of LogLines",
  "packages/cli/src/output/paint.ts": "adds colours to what is shown already",
  "packages/cli/src/output/print.ts": "the command's own writer",
  "packages/cli/src/output/progress-line.ts": "writes over a line",
  "packages/cli/src/output/shown.ts": "makes texts printable",
  "packages/core/src/log/console-sink.ts": "writes lines of LogLines",
  "packages/rpc/src/warn-process.ts": "makes warnings printable",
};

const WRITES =
  /\bconsole\s*\.\s*(?:log|info|warn|error|debug|dir|table|trace)\s*\(|\bstd(?:out|err)\s*\.\s*write\b|\bwriteSync\s*\(\s*(?:[12]|STD\w+)\b|\bemitWarning\b|\bShown\s*\.\s*own\b/g;

const problems: string[] = [];
const used = new Set<string>();
const files = globSync("packages/*/{src,bin}/**/*.{ts,mts,js,mjs}");
const sources = files.filter((file) => !/\.test\.ts$|node_modules|\/dist\//.test(file)).sort();
for (const file of sources) {
  const text = readFileSync(file, "utf8");
  for (const found of mask(text).matchAll(WRITES)) {
    used.add(file);
    if (WRITERS[file] === undefined)
      problems.push(
        `${file}:${lineAt(text, found.index)} "${found[0]}" may write control characters of somebody else to a terminal: take print or say of packages/cli/src/output, a logger, or warnProcess; or add a row to scripts/check-printing.ts`,
      );
  }
}
for (const file of Object.keys(WRITERS))
  if (!used.has(file)) problems.push(`scripts/check-printing.ts lists ${file}, which does not print`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`printing ok: ${sources.length} files`);
