import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect } from "@dimos/rpc";
import { shown } from "./column.ts";
import type { BenchContext } from "./context.ts";
import { quantile } from "./quantile.ts";
import { single, type Table } from "./report.ts";

const KILLS = 10;
const CALLS_IN_FLIGHT = 200;
const FLOOD_CALLS = 200_000;

/** What @dimos/rpc does when a server dies with calls in flight, and to a neighbour of somebody who floods it. */
export async function benchRpcFaults(context: BenchContext): Promise<readonly Table[]> {
  const directory = mkdtempSync(join(tmpdir(), "dimos-bench-"));
  const once = { rounds: 1, peer: null } as const;
  try {
    context.progress("servers that are killed");
    const rejected = await killServers(directory);
    context.progress("a server that is flooded");
    const floodCalls = Math.ceil(FLOOD_CALLS * context.share);
    const pings = await floodServer(directory, floodCalls);
    return [
      {
        ...once,
        title: `A server killed with ${CALLS_IN_FLIGHT} calls in flight, ${KILLS} times`,
        columns: [
          shown("calls", "calls"),
          shown("rejected", "rejected"),
          shown("medianMs", "after ms (median)", 1),
          shown("lastMs", "after ms (last)", 1),
        ],
        rows: [
          single("@dimos/rpc", {
            calls: KILLS * CALLS_IN_FLIGHT,
            rejected: rejected.length,
            medianMs: quantile(rejected, 0.5),
            lastMs: quantile(rejected, 1),
          }),
        ],
      },
      {
        ...once,
        title: `${floodCalls.toLocaleString("en")} calls at once from one client, and pings of another meanwhile`,
        columns: [shown("pings", "pings"), shown("medianMs", "median ms", 1), shown("p99Ms", "p99 ms", 1)],
        rows: [
          single("@dimos/rpc", {
            pings: pings.length,
            medianMs: quantile(pings, 0.5),
            p99Ms: quantile(pings, 0.99),
          }),
        ],
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function killServers(directory: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < KILLS; round++) {
    const { endpoint, child } = await startServer(join(directory, `kill-${round}`));
    await using client = await connect(endpoint);
    await client.call("echo", [1]);
    let killedMs = 0;
    const calls = Array.from({ length: CALLS_IN_FLIGHT }, () =>
      client.call("hang", []).catch(() => times.push(performance.now() - killedMs)),
    );
    // The server has them once it has answered a later one.
    await client.call("echo", [1]);
    killedMs = performance.now();
    child.kill("SIGKILL");
    await Promise.all(calls);
  }
  return times;
}

async function floodServer(directory: string, calls: number): Promise<number[]> {
  const { endpoint, child } = await startServer(join(directory, "flood"));
  await using neighbour = await connect(endpoint);
  const flooder = fork(fileURLToPath(new URL("./peers/flooder.ts", import.meta.url)), [endpoint, String(calls)]);
  await once(flooder, "message");
  const pings: number[] = [];
  while (flooder.exitCode === null && flooder.signalCode === null) {
    const startedMs = performance.now();
    await neighbour.call("echo", [1]);
    pings.push(performance.now() - startedMs);
  }
  child.kill("SIGKILL");
  await once(child, "exit");
  return pings;
}

async function startServer(path: string): Promise<{ readonly endpoint: string; readonly child: ChildProcess }> {
  const endpoint = `unix:${path}`;
  const child = fork(fileURLToPath(new URL("./peers/dimos-rpc-server.ts", import.meta.url)), [endpoint]);
  await once(child, "message");
  return { endpoint, child };
}
