import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** One trial. */
export type Sample = {
  /** Load average of the last minute at its start. */
  readonly load: number;
} & ({ readonly stoodMs: number } | { readonly failed: string });

/** `quiet`: at a load under 2. `busy`: at a load of 8. `any`: at whatever load there was. */
export type Column = "quiet" | "busy" | "any";

type Results = { [condition: string]: { [column in Column]?: readonly Sample[] } };

/** Every sample of every condition, in a file: a pass that was interrupted goes on from there. */
export class ResultsFile {
  readonly path: string;
  readonly #results: Results;

  constructor(path: string) {
    this.path = path;
    this.#results = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Results) : {};
  }

  of(condition: string, column: Column): readonly Sample[] {
    return this.#results[condition]?.[column] ?? [];
  }

  /** Replaces what was measured before. */
  put(condition: string, column: Column, samples: readonly Sample[]): void {
    this.#results[condition] = { ...this.#results[condition], [column]: samples };
    writeFileSync(`${this.path}.new`, `${JSON.stringify(this.#results, undefined, 1)}\n`);
    renameSync(`${this.path}.new`, this.path);
  }
}

export function failuresOf(samples: readonly Sample[]): string[] {
  return samples.flatMap((sample) => ("failed" in sample ? [sample.failed] : []));
}

/** Milliseconds, in the order of the trials. */
export function timesOf(samples: readonly Sample[]): number[] {
  return samples.flatMap((sample) => ("stoodMs" in sample ? [sample.stoodMs] : []));
}
