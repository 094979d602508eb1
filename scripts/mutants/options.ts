import { parseArgs } from "node:util";
import type { ListedMutant } from "./read-list.ts";

export interface Options {
  /** Words that a mutation's line in the report (`robot: ...`), its file or its tests have to contain, all of them. */
  readonly words: readonly string[];
  readonly jobs: number;
  readonly shard: { readonly index: number; readonly count: number };
}

export const USAGE = "pnpm test:mutants [word ...] [--jobs 1|2] [--shard 1/4]";

/** Throws a sentence for the person at the terminal. */
export function parseOptions(args: readonly string[]): Options {
  const options = { jobs: { type: "string" }, shard: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const { jobs = "2", shard = "1/1" } = values;
  if (!/^[12]$/.test(jobs)) throw new Error(`--jobs is "${jobs}": name 1 or 2, more makes tests wait for each other`);
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(shard) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count)
    throw new Error(`--shard is "${shard}": name a part and how many there are, such as 1/4`);
  return { words: positionals.map((word) => word.toLowerCase()), jobs: Number(jobs), shard: { index, count } };
}

/** Every part takes every n-th, so that the slow ones, which stand together, are spread. */
export function choose(mutants: readonly ListedMutant[], { words, shard }: Options): ListedMutant[] {
  const matching = mutants.filter((mutant) => {
    const text = [`${mutant.area}: ${mutant.wrong}`, mutant.file, ...mutant.tests].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return matching.filter((_, position) => position % shard.count === shard.index - 1);
}
