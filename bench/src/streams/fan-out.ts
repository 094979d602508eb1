import { join } from "node:path";
import { compared, shown } from "../column.ts";
import { compare } from "../compare.ts";
import type { BenchContext } from "../context.ts";
import type { Table } from "../report.ts";
import { startDimosRun } from "./dimos-pair.ts";
import { NAMES, TITLES } from "./names.ts";
import { measureFlood, type Pair } from "./pair.ts";
import { startPeerPair } from "./peer-pair.ts";

const MANY = 4;
const PAYLOAD = "2.7 MB";

/** The same frames to four subscribers and to one. */
export async function fanOut(directory: string, context: BenchContext): Promise<readonly Table[]> {
  await using stack = new AsyncDisposableStack();
  const raw = async (subscribers: number) =>
    stack.use(await startPeerPair("unix-socket", join(directory, `fan-${subscribers}`), subscribers));
  const one = stack.use(await startDimosRun(1));
  const many = stack.use(await startDimosRun(MANY));
  const rawOne = await raw(1);
  const rawMany = await raw(MANY);
  const table = (title: string, figure: "megabytesPerSecond" | "cpuUsPerMessage", pairs: [string, Pair][]) =>
    compare(
      {
        title,
        columns:
          figure === "megabytesPerSecond"
            ? [compared(figure, "MB/s of the slowest subscriber", 0), shown("lostPercent", "lost %", 1)]
            : [compared(figure, "processor µs of the publisher per frame", 0)],
        contenders: pairs.map(([name, pair]) => ({ name, run: () => measureFlood(pair, PAYLOAD, context.floodMs) })),
      },
      context,
    );
  return [
    await table(TITLES.fanOut, "megabytesPerSecond", [
      [NAMES.raw, rawMany],
      [NAMES.copied, many.pair({ loan: false })],
      [NAMES.loan, many.pair({ loan: true })],
    ]),
    await table(TITLES.fanOutCost, "cpuUsPerMessage", [
      [NAMES.one, one.pair({ loan: true })],
      [NAMES.many, many.pair({ loan: true })],
    ]),
    await table(TITLES.fanOutCostRaw, "cpuUsPerMessage", [
      [NAMES.one, rawOne],
      [NAMES.many, rawMany],
    ]),
  ];
}
