import { autoconnect, ModuleCoordinator } from "@dimos/core";
import { compared } from "../column.ts";
import { compare } from "../compare.ts";
import type { BenchContext } from "../context.ts";
import type { Table } from "../report.ts";
import { LocalSink, LocalSource } from "./modules.ts";
import { NAMES, TITLES } from "./names.ts";
import type { Payload } from "./payload.ts";

const MESSAGES = 200_000;
const TIMEOUT_MS = 60_000;

/** A stream that stays inside a worker, beside an `EventEmitter` in the same worker. */
export async function sameWorker(context: BenchContext): Promise<Table> {
  const count = Math.ceil(MESSAGES * context.share);
  const blueprint = autoconnect(LocalSource.blueprint(), LocalSink.blueprint());
  await using system = await ModuleCoordinator.build(blueprint, {
    globals: { nWorkers: 1, consoleLevel: "silent", logLevel: "error" },
  });
  const contender = (name: string, method: "publish" | "emit", payload: Payload) => ({
    name,
    run: async () => ({
      ns: (await system.call("LocalSource", method, [payload, count], { timeoutMs: TIMEOUT_MS })) as number,
    }),
  });
  const table = await compare(
    {
      title: TITLES.sameWorker,
      note: "One publisher and one subscriber, which gets the same object. Making the message is part of the time.",
      columns: [compared("ns", "ns per message", 0)],
      contenders: [
        contender(NAMES.emit, "emit", "64 B"),
        contender(NAMES.local, "publish", "64 B"),
        contender(NAMES.emitLarge, "emit", "2.7 MB"),
        contender(NAMES.localLarge, "publish", "2.7 MB"),
      ],
    },
    context,
  );
  const received = await system.call("LocalSink", "received", []);
  if (received !== count) throw new Error(`${String(received)} of ${count} messages arrived inside one worker`);
  return table;
}
