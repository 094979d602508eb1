import { globSync, readFileSync } from "node:fs";

// Every TypeScript snippet of a README and of docs/ names the file it is taken from, and that file runs or compiles in CI:
//   <!-- apps/hello-robot/src/main.ts -->
//   ```ts
const SNIPPET = /(?:<!-- (?<file>[\w./-]+) -->\n)?```ts\n(?<code>.*?)```/gs;

const problems: string[] = [];
let count = 0;
for (const page of globSync(["README.md", "docs/*.md", "packages/*/README.md", "apps/*/README.md"])) {
  const text = readFileSync(page, "utf8");
  for (const match of text.matchAll(SNIPPET)) {
    count++;
    const { file, code } = match.groups as { readonly file?: string; readonly code: string };
    const line = text.slice(0, match.index).split("\n").length;
    if (file === undefined) problems.push(`${page}:${line} names no file above the snippet: <!-- path/of/file.ts -->`);
    else if (!readFileSync(file, "utf8").includes(code)) problems.push(`${page}:${line} is not what ${file} says`);
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`snippets ok: ${count}`);
