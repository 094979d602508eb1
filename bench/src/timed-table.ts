import { compared } from "./column.ts";
import { type Comparison, compare } from "./compare.ts";
import type { BenchContext } from "./context.ts";
import type { Table } from "./report.ts";

/** Contenders that say how many milliseconds they took. */
export function timedTable(
  title: string,
  contenders: Comparison["contenders"],
  context: Pick<BenchContext, "rounds" | "progress">,
  note?: string,
): Promise<Table> {
  const columns = [compared("ms", "ms")];
  return compare({ title, columns, contenders, ...(note === undefined ? {} : { note }) }, context);
}
