import type { BenchContext } from "./context.ts";
import type { Table } from "./report.ts";

/** What `pnpm bench <part>` measures; loaded when asked for, so that a part pays for its own peers only. */
export const PARTS: Readonly<Record<string, (context: BenchContext) => Promise<readonly Table[]>>> = {
  rpc: async (context) => (await import("./rpc/rpc.ts")).benchRpc(context),
  streams: async (context) => (await import("./streams/streams.ts")).benchStreams(context),
  start: async (context) => (await import("./start.ts")).benchStart(context),
  recovery: async (context) => (await import("./recovery.ts")).benchRecovery(context),
  cli: async (context) => (await import("./cli.ts")).benchCli(context),
  codec: async (context) => (await import("./codec.ts")).benchCodec(context),
  "rpc-faults": async (context) => (await import("./rpc-faults.ts")).benchRpcFaults(context),
};
