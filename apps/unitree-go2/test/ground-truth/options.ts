import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

export const USAGE = `Usage: pnpm test:safety [CONDITION...] [options]

Measures how long a walking robot takes to stand when something goes wrong. CONDITION is the id of one, or the beginning of
one: "caller", "estop-load". Without any, all of them.

  --list           prints the conditions
  --trials N       of each condition (10)
  --load N         keeps the machine that busy with endless loops, and judges by no bound
  --any-load       waits for no quiet machine, and judges by no bound
  --continue       leaves out what the file of results has enough trials of
  --results FILE   where every sample is kept; also those of earlier passes
  --table          measures nothing: prints the table of the file of results
  --write          puts the table into docs/safety.md`;

export interface Options {
  readonly conditions: readonly string[];
  readonly trials: number;
  /** Busy loops keep the machine at this load; undefined: as it is. */
  readonly load: number | undefined;
  readonly anyLoad: boolean;
  readonly continues: boolean;
  readonly results: string;
  readonly does: "measure" | "list" | "table" | "help";
  readonly writes: boolean;
}

/** Throws with a sentence when they make no sense. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    allowPositionals: true,
    options: {
      trials: { type: "string", default: "10" },
      load: { type: "string" },
      "any-load": { type: "boolean", default: false },
      continue: { type: "boolean", default: false },
      results: { type: "string", default: join(tmpdir(), "dimos-ground-truth.json") },
      list: { type: "boolean", default: false },
      table: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const does = values.help ? "help" : values.list ? "list" : values.table ? "table" : "measure";
  return {
    conditions: positionals,
    trials: count("--trials", values.trials),
    load: values.load === undefined ? undefined : count("--load", values.load),
    anyLoad: values["any-load"],
    continues: values.continue,
    results: values.results,
    does,
    writes: values.write,
  };
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${option} ${text} is no number of them. Give 1 or more.`);
}
