import { shown } from "../column.ts";
import { type Row, single, type Table } from "../report.ts";
import { NAMES, SIZE_TITLES, TITLES } from "./names.ts";
import { PAYLOADS, type Payload } from "./payload.ts";

/** What is to be reached: a figure of one contender divided by that of another. */
interface Target {
  readonly text: string;
  readonly title: string;
  readonly figure: string;
  readonly own: string;
  readonly peer: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

const LARGE: readonly Payload[] = ["1 MB", "2.7 MB"];
const SMALL: readonly Payload[] = ["64 B", "1 KB"];
/** Not meant to be beaten: floors and ceilings, and what moves bytes between a parent and its child only. */
const NOT_RIVALS: ReadonlySet<string> = new Set([
  NAMES.raw,
  NAMES.memcpy,
  NAMES.copied,
  NAMES.loan,
  NAMES.socket,
  NAMES.ipc,
  NAMES.ws,
  NAMES.pipe,
]);

const between = (payload: Payload, own: keyof typeof NAMES, peer: keyof typeof NAMES, figure: string) => ({
  text: `${payload}: ${NAMES[own]}, ${figure === "p50Us" ? "one-way p50" : "throughput"} beside ${NAMES[peer]}`,
  title: SIZE_TITLES[payload],
  own: NAMES[own],
  peer: NAMES[peer],
  figure,
});

const TARGETS: readonly Target[] = [
  ...LARGE.flatMap((payload) => [
    { ...between(payload, "loan", "raw", "perSecond"), atLeast: 4 },
    { ...between(payload, "loan", "memcpy", "perSecond"), atLeast: 0.7 },
    { ...between(payload, "copied", "raw", "perSecond"), atLeast: 2.5 },
    { ...between(payload, "copied", "memcpy", "perSecond"), atLeast: 0.4 },
    { ...between(payload, "loan", "raw", "p50Us"), atMost: 0.4 },
    { ...between(payload, "copied", "raw", "p50Us"), atMost: 0.4 },
    { ...between(payload, "socket", "raw", "perSecond"), atLeast: 0.9 },
  ]),
  { ...between("64 KB", "copied", "raw", "perSecond"), atLeast: 2 },
  { ...between("64 KB", "loan", "raw", "perSecond"), atLeast: 2 },
  ...SMALL.flatMap((payload) => [
    { ...between(payload, "copied", "raw", "perSecond"), atLeast: 0.4 },
    { ...between(payload, "copied", "raw", "p50Us"), atMost: 1.5 },
  ]),
  {
    text: "Same worker, 64 B: time of a message beside `EventEmitter.emit`",
    title: TITLES.sameWorker,
    figure: "ns",
    own: NAMES.local,
    peer: NAMES.emit,
    atMost: 2,
  },
  {
    text: "Same worker: time of 2.7 MB beside 64 B (no copy)",
    title: TITLES.sameWorker,
    figure: "ns",
    own: NAMES.localLarge,
    peer: NAMES.local,
    atMost: 2,
  },
  {
    text: "2.7 MB to 4 subscribers: MB/s of each beside the raw socket",
    title: TITLES.fanOut,
    figure: "megabytesPerSecond",
    own: NAMES.loan,
    peer: NAMES.raw,
    atLeast: 8,
  },
  {
    text: "2.7 MB: processor time of the publisher, 4 subscribers beside one",
    title: TITLES.fanOutCost,
    figure: "cpuUsPerMessage",
    own: NAMES.many,
    peer: NAMES.one,
    atMost: 1.5,
  },
  {
    text: "p99 of small calls, 60 MB/s of frames beside none",
    title: TITLES.underLoad,
    figure: "p99Us",
    own: NAMES.loaded,
    peer: NAMES.quiet,
    atMost: 2,
  },
];

/** What was aimed for beside what was reached: ratios of the medians of this run. */
export function targetsTable(tables: readonly Table[]): Table {
  const rows = [
    ...TARGETS.map((target) => targetRow(target, tables)),
    ...lossRows(tables),
    ...PAYLOADS.map((payload) => rivalRow(payload, "perSecond", tables)),
    ...PAYLOADS.slice(2).map((payload) => rivalRow(payload, "p50Us", tables)),
  ];
  return {
    title: "Targets",
    note: "Ratios of medians of this run. Rivals: NATS, ROS 1, LCM, RPyC, birpc, tRPC, gRPC and bare rpc-websockets.",
    rounds: tables[0]?.rounds ?? 0,
    peer: null,
    columns: [shown("wanted", "wanted", 2), shown("seen", "seen", 2)],
    rows: rows.filter((row) => row !== undefined),
  };
}

function targetRow(
  { text, title, figure, own, peer, atLeast, atMost }: Target,
  tables: readonly Table[],
): Row | undefined {
  const seen = median(tables, title, own, figure) / median(tables, title, peer, figure);
  return verdict(text, seen, atLeast, atMost);
}

function lossRows(tables: readonly Table[]): (Row | undefined)[] {
  return [NAMES.copied, NAMES.loan, NAMES.socket].map((name) => {
    const lost = PAYLOADS.map((payload) => median(tables, SIZE_TITLES[payload], name, "lostPercent"));
    return verdict(`${name}: % lost at any size`, Math.max(...lost), undefined, 0);
  });
}

/** Beside whichever of the rivals is best at this. */
function rivalRow(payload: Payload, figure: "perSecond" | "p50Us", tables: readonly Table[]): Row | undefined {
  const title = SIZE_TITLES[payload];
  const best = (tables.find((table) => table.title === title)?.rows ?? [])
    .filter((row) => "figures" in row && !NOT_RIVALS.has(row.name))
    .map(({ name }) => ({ name, value: median(tables, title, name, figure) }))
    .sort((a, b) => (figure === "perSecond" ? b.value - a.value : a.value - b.value))[0];
  if (best === undefined) return undefined;
  const seen = median(tables, title, NAMES.copied, figure) / best.value;
  return figure === "perSecond"
    ? verdict(`${payload}: throughput by default beside the best rival, ${best.name}`, seen, 1)
    : verdict(`${payload}: one-way p50 by default beside the best rival, ${best.name}`, seen, undefined, 1);
}

function verdict(text: string, seen: number, atLeast?: number, atMost?: number): Row | undefined {
  if (!Number.isFinite(seen)) return undefined;
  const isReached = seen >= (atLeast ?? Number.NEGATIVE_INFINITY) && seen <= (atMost ?? Number.POSITIVE_INFINITY);
  const wanted = atLeast ?? atMost ?? Number.NaN;
  return single(
    `${isReached ? "reached" : "**missed**"} (${atLeast === undefined ? "at most" : "at least"}): ${text}`,
    {
      wanted,
      seen,
    },
  );
}

function median(tables: readonly Table[], title: string, name: string, figure: string): number {
  const row = tables.find((table) => table.title === title)?.rows.find((one) => one.name === name);
  return row !== undefined && "figures" in row ? (row.figures[figure]?.median ?? Number.NaN) : Number.NaN;
}
