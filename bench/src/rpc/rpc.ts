import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dimos } from "@dimos/porcelain";
import { compared, shown } from "../column.ts";
import { type Contender, compare, type NotRun, timed } from "../compare.ts";
import type { BenchContext } from "../context.ts";
import { findPython } from "../installed.ts";
import { type LineProcess, startLineProcess } from "../line-process.ts";
import { PYTHON_RPC } from "../peers/python.ts";
import type { Table } from "../report.ts";
import { startNatsServer } from "../streams/nats-server.ts";
import type { Echo } from "./echo.ts";
import { EchoModule } from "./echo-module.ts";
import { type Latencies, latencies } from "./latencies.ts";
import { startNodePeers } from "./node-peers.ts";

const SMALL = { x: 1 };
const SMALL_CALLS = 400;
const IN_FLIGHT = 64;
const TIMES = 20;
const LARGE_BYTES = 1024 * 1024;
const LARGE_CALLS = 10;
/** A call that takes this long needs no more warm-up than a few hundred. */
const SLOW_CALL_US = 500;

const BARE = "bare rpc-websockets, MessagePack, Unix socket";
const HANDLE = "dimos module handle";
const DEEP_READ = "dimos deep read `app.M._a._b`";

/** Calls to a module in a worker process, with all guarantees on, beside the library it stands on and others. */
export async function benchRpc(context: BenchContext): Promise<readonly Table[]> {
  const directory = mkdtempSync(join(tmpdir(), "dimos-bench-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(directory, { recursive: true, force: true }));
  const nats = await startNatsServer(directory);
  if (typeof nats !== "string") stack.use(nats);
  const peers = await startNodePeers(directory, typeof nats === "string" ? undefined : nats.address, stack);
  const app = stack.use(new Dimos({ nWorkers: 1 }));
  await app.run(EchoModule);
  const module = app.getModule(EchoModule);
  const deep: Echo = () => module._a._b as unknown as Promise<unknown>;
  const bare = peers.get(BARE) as Echo;
  const echoes = new Map<string, Echo>([[BARE, bare], [HANDLE, (value) => module.echo(value)], ...peers]);
  for (const [name, echo] of [...echoes, [DEEP_READ, deep] as const]) {
    context.progress(`rpc: warm-up, ${name}`);
    await warmUp(echo, context.warmUpCalls);
  }
  const missing: NotRun[] = typeof nats === "string" ? [{ name: "NATS", notRun: nats }] : [];
  const python: [string, LineProcess | string][] = [
    ["Python multiprocessing pipe", await startPython("multiprocessing", "pipe", stack)],
    ["RPyC, Unix socket", await startPython("rpyc", "rpyc", stack)],
  ];
  const rows = (value: unknown, bytes: number, calls: number): (Contender | NotRun)[] => [
    ...[...echoes].map(([name, echo]) => ({
      name,
      run: async () => ({ ...(await latencies(() => echo(value), calls)) }),
    })),
    ...missing,
    ...python.map(([name, peer]) =>
      typeof peer === "string"
        ? { name, notRun: peer }
        : { name, run: async () => ({ ...(await peer.ask<Latencies>(`calls ${bytes} ${calls}`)) }) },
    ),
  ];
  const small = Math.ceil(SMALL_CALLS * context.share);
  const [first, second, ...others] = rows(SMALL, 0, small) as [Contender, Contender, ...Contender[]];
  const deepRead = { name: DEEP_READ, run: async () => ({ ...(await latencies(() => deep(SMALL), small)) }) };
  const times = Math.ceil(TIMES * context.share);
  const large = new Uint8Array(LARGE_BYTES).fill(7);
  return [
    await compare(
      {
        title: "Small calls, one after the other",
        columns: [compared("p50Us", "p50 µs"), compared("p99Us", "p99 µs", 0)],
        contenders: [first, second, deepRead, ...others],
      },
      context,
    ),
    await compare(
      {
        title: `${IN_FLIGHT * times} small calls, ${IN_FLIGHT} in flight`,
        columns: [compared("ms", "ms")],
        contenders: [
          ...[...echoes].map(([name, echo]) => timed(name, () => together(echo, IN_FLIGHT, times))),
          ...missing,
        ],
      },
      context,
    ),
    await compare(
      {
        title: "Echoes of a 1 MB Uint8Array, one after the other",
        columns: [compared("p50Us", "p50 µs", 0), shown("p99Us", "p99 µs")],
        contenders: rows(large, LARGE_BYTES, Math.ceil(LARGE_CALLS * context.share)),
      },
      context,
    ),
  ];
}

async function startPython(module: string, peer: string, stack: AsyncDisposableStack): Promise<LineProcess | string> {
  const python = findPython(module);
  if (python !== undefined) return stack.use(await startLineProcess(python, [PYTHON_RPC, peer]));
  return module === "multiprocessing" ? "python3 is not installed" : `python3-${module} is not installed`;
}

async function warmUp(echo: Echo, calls: number): Promise<void> {
  const few = Math.ceil(calls / 10);
  const startedMs = performance.now();
  await inTurn(echo, few);
  if ((performance.now() - startedMs) / few < SLOW_CALL_US / 1000) await inTurn(echo, calls - few);
}

async function inTurn(echo: Echo, count: number): Promise<void> {
  for (let call = 0; call < count; call++) await echo(SMALL);
}

async function together(echo: Echo, inFlight: number, times: number): Promise<void> {
  await Promise.all(Array.from({ length: inFlight }, () => inTurn(echo, times)));
}
