import type { Column } from "./column.ts";
import type { BenchContext } from "./context.ts";
import { quantile } from "./quantile.ts";
import type { Row, Summary, Table } from "./report.ts";

/** What was measured in one run, by name. */
export type Figures = Readonly<Record<string, number>>;

/** One thing to be measured. */
export interface Contender {
  readonly name: string;
  run(): Promise<Figures>;
}

/** A contender that is not there. */
export interface NotRun {
  readonly name: string;
  readonly notRun: string;
}

export interface Comparison {
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly Column[];
  /** The first is the peer that ratios refer to. */
  readonly contenders: readonly (Contender | NotRun)[];
}

/**
 * Interleaved rounds in random order, ratios formed inside each round: holds while the machine's speed drifts.
 * A contender that throws is out, and says so in its row.
 */
export async function compare(
  { title, note, columns, contenders }: Comparison,
  { rounds, progress }: Pick<BenchContext, "rounds" | "progress">,
): Promise<Table> {
  const present = contenders.filter((contender): contender is Contender => "run" in contender);
  const figures = new Map<string, Figures[]>(present.map(({ name }) => [name, []]));
  const failures = new Map<string, string>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of shuffled(present.filter(({ name }) => !failures.has(name)))) {
      progress(`${title}: round ${round + 1} of ${rounds}, ${contender.name}`);
      try {
        figures.get(contender.name)?.push(await contender.run());
      } catch (error) {
        failures.set(contender.name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  const peer = present[0]?.name ?? null;
  const ofPeer = peer === null || failures.has(peer) ? [] : (figures.get(peer) ?? []);
  const rows = contenders.map((contender): Row => {
    if (!("run" in contender)) return contender;
    const failed = failures.get(contender.name);
    if (failed !== undefined) return { name: contender.name, failed };
    return { name: contender.name, figures: summarize(figures.get(contender.name) ?? [], ofPeer) };
  });
  return { title, ...(note === undefined ? {} : { note }), rounds, peer, columns, rows };
}

/** In how many milliseconds the work is done. */
export function timed(name: string, work: () => Promise<unknown>): Contender {
  const run = async () => {
    const startedMs = performance.now();
    await work();
    return { ms: performance.now() - startedMs };
  };
  return { name, run };
}

function summarize(rounds: readonly Figures[], peer: readonly Figures[]): Record<string, Summary> {
  const keys = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(
    keys.map((key) => {
      const values = rounds.map((figures) => figures[key] as number);
      const ratios = values.map((value, round) => value / (peer[round]?.[key] ?? Number.NaN)).filter(Number.isFinite);
      return [
        key,
        {
          median: quantile(values, 0.5),
          quartiles: [quantile(values, 0.25), quantile(values, 0.75)],
          ratio: ratios.length === 0 ? null : quantile(ratios, 0.5),
        },
      ];
    }),
  );
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
