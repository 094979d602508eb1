import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { apply, occurrences, syntaxError } from "./apply.ts";
import type { ListedMutant } from "./read-list.ts";

/** So many show that the tests notice what matters. */
export const MINIMUM = 150;

/** What is wrong with the list, a sentence each. No test runs, so that `pnpm check` can look at every change. */
export function checkList(root: string, mutants: readonly ListedMutant[], minimum: number): string[] {
  const problems: string[] = [];
  const seen = new Map<string, ListedMutant>();
  const read = reader(root);
  for (const mutant of mutants) {
    const at = `scripts/mutants/list/${mutant.area}.ts: "${mutant.wrong}"`;
    for (const problem of problemsOf(mutant, read)) problems.push(`${at} ${problem}`);
    const key = JSON.stringify([mutant.file, mutant.find, mutant.replace]);
    const other = seen.get(key);
    if (other) problems.push(`${at} is the same change as "${other.wrong}" in ${other.area}.ts: delete one`);
    seen.set(key, mutant);
  }
  if (mutants.length < minimum)
    problems.push(`scripts/mutants/list has ${mutants.length} mutations, which is fewer than ${minimum}: add some`);
  return problems;
}

function* problemsOf(mutant: ListedMutant, read: (file: string) => string | undefined): Generator<string> {
  const text = read(mutant.file);
  if (mutant.wrong.trim() === "") yield `changes ${mutant.file}, but does not say what would go wrong: write "wrong"`;
  if (mutant.tests.length === 0) yield `names no test: name those that must fail`;
  for (const test of mutant.tests) {
    if (!test.endsWith(".test.ts")) yield `names ${test}, which is no test file`;
    else if (read(test) === undefined) yield `names ${test}, which does not exist: name the tests that must fail`;
  }
  if (new Set(mutant.tests).size < mutant.tests.length) yield "names a test twice";
  if (text === undefined) {
    yield `changes ${mutant.file}, which does not exist: name the file that has the code now`;
    return;
  }
  const count = occurrences(text, mutant.find);
  if (count !== 1) {
    const found = count === 0 ? "is not there" : `is there ${count} times`;
    yield `changes ${mutant.file}, where "${oneLine(mutant.find)}" ${found}: make "find" match the source, once`;
    return;
  }
  if (mutant.find === mutant.replace) yield "changes nothing";
  const broken = syntaxError(apply(text, mutant));
  if (broken) yield `makes ${mutant.file} unreadable (${broken}): a test has to notice it, not the parser`;
}

function reader(root: string): (file: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (file) => {
    if (!texts.has(file)) {
      const path = join(root, file);
      texts.set(file, existsSync(path) ? readFileSync(path, "utf8") : undefined);
    }
    return texts.get(file);
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
