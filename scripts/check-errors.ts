import { globSync, readFileSync } from "node:fs";

// docs/errors.md has a row for every error code of every package, and none for a code that does not exist:
//   ## `@dimos/core`
//   | `CAPABILITY_HELD` | meaning | remedy |
const PAGE = "docs/errors.md";
const UNION = /^export type \w*ErrorCode =(?<codes>(?:\s*\|?\s*"[\w-]+"(?: \/\/.*)?)+);/gm;
const ROW = /^\| `(?<code>[\w-]+)` \| (?<meaning>[^|]*\S) +\| (?<remedy>[^|]*\S) +\|$/gm;
/** The code is the first argument, on the same line or the next. */
const THROWN = /(?:new DimosError|super)\(\s*"(?<code>[A-Z][A-Z_]+)"/g;

/** What the command ends with, and the page that says so. */
const EXIT_CODES = "packages/cli/src/exit-code-of.ts";
const OPERATIONS = "docs/operations.md";

const problems: string[] = [];
const page = readFileSync(PAGE, "utf8");
let count = 0;
for (const manifest of globSync(["packages/*/package.json", "apps/*/package.json"]).sort()) {
  const folder = manifest.slice(0, -"/package.json".length);
  const { name } = JSON.parse(readFileSync(manifest, "utf8"));
  const sources = globSync(`${folder}/src/**/*.ts`, { exclude: ["**/*.test.ts"] }).map((file) =>
    readFileSync(file, "utf8"),
  );
  const declared = new Set(sources.flatMap(codesOfUnions));
  const described = new Set([...sectionOf(name).matchAll(ROW)].map((match) => match.groups?.code as string));
  for (const code of missing(declared, described)) problems.push(`${PAGE} does not explain ${code} of ${name}`);
  for (const code of missing(described, declared)) problems.push(`${PAGE} explains ${code}, which ${name} has not`);
  for (const source of sources)
    for (const { groups } of source.matchAll(THROWN))
      if (!declared.has(groups?.code as string)) problems.push(`${name} throws ${groups?.code}, which no union lists`);
  count += declared.size;
}
checkExitCodes();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`error codes ok: ${count}`);

function missing(from: ReadonlySet<string>, among: ReadonlySet<string>): string[] {
  return [...from].filter((code) => !among.has(code));
}

function codesOfUnions(source: string): string[] {
  return [...source.matchAll(UNION)].flatMap(({ groups }) =>
    [...(groups?.codes ?? "").replaceAll(/\/\/.*/g, "").matchAll(/"([\w-]+)"/g)].map(([, code]) => code as string),
  );
}

function sectionOf(name: string): string {
  const start = page.indexOf(`\n## \`${name}\`\n`);
  if (start < 0) return "";
  const end = page.indexOf("\n## ", start + 1);
  return page.slice(start, end < 0 ? undefined : end);
}

/** The table of exit codes names every error code that has one of its own. */
function checkExitCodes(): void {
  const own = new Set(
    [...readFileSync(EXIT_CODES, "utf8").matchAll(/^ {2}\["([A-Z_]+)", EXIT/gm)].map(([, code]) => code as string),
  );
  const text = readFileSync(OPERATIONS, "utf8");
  const table = text.slice(text.indexOf("\n## Exit codes\n"), text.indexOf("\n## Over the network\n"));
  const named = new Set([...table.matchAll(/`([A-Z]+_?[A-Z_]+)`/g)].map(([, code]) => code as string));
  for (const code of missing(own, named)) problems.push(`${OPERATIONS} does not say what ${code} ends with`);
  for (const code of missing(named, own))
    problems.push(`${OPERATIONS} names ${code}, which has no exit code of its own`);
}
