import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compared, shown } from "../column.ts";
import { compare } from "../compare.ts";
import type { BenchContext } from "../context.ts";
import type { Table } from "../report.ts";
import { type DimosRun, startDimosRun } from "./dimos-pair.ts";
import { fanOut } from "./fan-out.ts";
import { memcpy } from "./memcpy.ts";
import { NAMES, SIZE_TITLES } from "./names.ts";
import { measurePair } from "./pair.ts";
import { PAYLOADS, payloadBytes } from "./payload.ts";
import { type Candidate, startStreamPeers } from "./peers.ts";
import { rpcUnderLoad } from "./rpc-under-load.ts";
import { sameWorker } from "./same-worker.ts";
import { targetsTable } from "./targets.ts";

/** What is smaller costs more for being a message than for its bytes. */
const LARGE_BYTES = 64 * 1024;

const COLUMNS = [
  compared("perSecond", "messages/s", 0),
  shown("megabytesPerSecond", "MB/s"),
  compared("p50Us", "one-way p50 µs", 0),
  shown("p99Us", "p99 µs"),
  shown("lostPercent", "lost %", 1),
];

/** Streams between processes, beside everything that a user could take instead. */
export async function benchStreams(context: BenchContext): Promise<readonly Table[]> {
  const directory = mkdtempSync(join(tmpdir(), "dimos-bench-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(directory, { recursive: true, force: true }));
  const tables: Table[] = [];
  {
    await using sizes = new AsyncDisposableStack();
    const candidates = await startStreamPeers(directory, sizes, context);
    const [raw, ...peers] = candidates as [Candidate, ...Candidate[]];
    const dimos = await startDimosStreams(sizes, context);
    for (const payload of PAYLOADS) {
      const own = dimos.map((candidate) => candidate(payload));
      const copied = payloadBytes(payload) < LARGE_BYTES ? [] : [memcpy(payload, context.floodMs)];
      const contenders = [raw(payload), ...own, ...copied, ...peers.map((peer) => peer(payload))];
      await compare(
        { title: `warm-up, ${payload}`, columns: COLUMNS, contenders },
        { rounds: context.rounds === 1 ? 0 : 1, progress: context.progress },
      );
      tables.push(await compare({ title: SIZE_TITLES[payload], columns: COLUMNS, contenders }, context));
    }
  }
  tables.push(await sameWorker(context));
  tables.push(...(await fanOut(directory, context)));
  tables.push(await rpcUnderLoad(context));
  return [...tables, targetsTable(tables)];
}

async function startDimosStreams(stack: AsyncDisposableStack, context: BenchContext): Promise<readonly Candidate[]> {
  context.progress("starting dimos");
  const run = stack.use(await startDimosRun(1));
  const onSocket = stack.use(await startDimosRun(1, "socket"));
  const of = (name: string, from: DimosRun, loan: boolean): Candidate => {
    const pair = from.pair({ loan });
    return (payload) => ({ name, run: () => measurePair(pair, payload, context) });
  };
  return [of(NAMES.copied, run, false), of(NAMES.loan, run, true), of(NAMES.socket, onSocket, false)];
}
