import { compared } from "../column.ts";
import { compare } from "../compare.ts";
import type { BenchContext } from "../context.ts";
import type { Table } from "../report.ts";
import { latencies } from "../rpc/latencies.ts";
import { startDimosRun } from "./dimos-pair.ts";
import { NAMES, TITLES } from "./names.ts";

const PAYLOAD = "2.7 MB";
/** 22 of 2.7 MB in a second are 60 MB/s. */
const INTERVAL_MS = 45;
const CALLS = 1000;

/** Small calls to a module, one after the other, with and without frames that arrive at the same module. */
export async function rpcUnderLoad(context: BenchContext): Promise<Table> {
  await using run = await startDimosRun(1);
  const pair = run.pair({ loan: false });
  await pair.begin();
  const calls = Math.ceil(CALLS * context.share);
  for (let call = 0; call < context.warmUpCalls; call++) await run.echo(call);
  const quiet = { name: NAMES.quiet, run: async () => ({ ...(await latencies(() => run.echo(1), calls)) }) };
  const loaded = {
    name: NAMES.loaded,
    run: async () => {
      let isOver = false;
      const frames = (async () => {
        while (!isOver) await run.pace(PAYLOAD, 3, INTERVAL_MS);
      })();
      try {
        return { ...(await latencies(() => run.echo(1), calls)) };
      } finally {
        isOver = true;
        await frames;
      }
    },
  };
  return await compare(
    {
      title: TITLES.underLoad,
      columns: [compared("p50Us", "p50 µs", 0), compared("p99Us", "p99 µs", 0)],
      contenders: [quiet, loaded],
    },
    context,
  );
}
