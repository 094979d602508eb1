import type { Column } from "./column.ts";

/** What one figure of one contender was, over all rounds. */
export interface Summary {
  readonly median: number;
  readonly quartiles: readonly [number, number];
  /** Median over the rounds of this figure divided by the peer's in the same round; null without a peer. */
  readonly ratio: number | null;
}

/** What was measured of a contender, or why it was not. */
export type Row =
  | { readonly name: string; readonly figures: Readonly<Record<string, Summary>> }
  | { readonly name: string; readonly notRun: string }
  | { readonly name: string; readonly failed: string };

export interface Table {
  readonly title: string;
  readonly note?: string;
  readonly rounds: number;
  /** The contender that ratios refer to. */
  readonly peer: string | null;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface PartReport {
  readonly part: string;
  readonly tookSeconds: number;
  readonly tables: readonly Table[];
}

/** The whole of one run of the bench; this is what `--json` writes. */
export interface Report {
  readonly command: string;
  readonly startedAt: string;
  readonly machine: string;
  readonly tookSeconds: number;
  readonly parts: readonly PartReport[];
}

/** A row of figures that were taken once, so that nothing can be said about how they spread. */
export function single(name: string, figures: Readonly<Record<string, number>>): Row {
  const summaries = Object.entries(figures).map(([key, value]): [string, Summary] => [
    key,
    { median: value, quartiles: [value, value], ratio: null },
  ]);
  return { name, figures: Object.fromEntries(summaries) };
}
