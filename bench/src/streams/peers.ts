import { join } from "node:path";
import type { Contender, NotRun } from "../compare.ts";
import type { BenchContext } from "../context.ts";
import { findPython } from "../installed.ts";
import { type LineProcess, startLineProcess } from "../line-process.ts";
import { PYTHON_STREAMS } from "../peers/python.ts";
import { freePort } from "./free-port.ts";
import { startLcm } from "./lcm.ts";
import { measureLines } from "./line-pair.ts";
import type { LinkName } from "./links/links.ts";
import { NAMES } from "./names.ts";
import { startNatsServer } from "./nats-server.ts";
import { measurePair } from "./pair.ts";
import type { Payload } from "./payload.ts";
import { startPeerPair } from "./peer-pair.ts";
import { startRos1 } from "./ros1.ts";

/** What is measured in every table of sizes, with its processes running. */
export type Candidate = (payload: Payload) => Contender | NotRun;

/** Peers in Node: the name in the table, the link, and whether it needs a TCP port instead of a path. */
const NODE_PEERS: readonly (readonly [title: string, link: LinkName | "ipc", tcp?: "tcp"])[] = [
  [NAMES.ws, "ws"],
  [NAMES.ipc, "ipc"],
  ["bare rpc-websockets, MessagePack, Unix socket", "rpc-websockets"],
  ["birpc over ws, MessagePack, Unix socket", "birpc"],
  ["gRPC server stream, MessagePack, Unix socket", "grpc"],
  ["tRPC subscription over ws, TCP", "trpc", "tcp"],
];

/** Starts every peer that this machine has; they stay up, as what they cost while idle is nothing. */
export async function startStreamPeers(
  directory: string,
  stack: AsyncDisposableStack,
  context: BenchContext,
): Promise<readonly Candidate[]> {
  const ofLink = async (title: string, link: LinkName | "ipc", address: string): Promise<Candidate> => {
    context.progress(`starting ${title}`);
    const pair = stack.use(await startPeerPair(link, address));
    return (payload) => ({ name: title, run: () => measurePair(pair, payload, context) });
  };
  const ofLines = (title: string, peer: LineProcess | string): Candidate => {
    if (typeof peer === "string") return () => ({ name: title, notRun: peer });
    stack.use(peer);
    return (payload) => ({ name: title, run: () => measureLines(peer, payload, context) });
  };
  const candidates = [await ofLink(NAMES.raw, "unix-socket", join(directory, "raw"))];
  for (const [title, link, tcp] of NODE_PEERS)
    candidates.push(await ofLink(title, link, tcp === undefined ? join(directory, link) : String(await freePort())));
  const nats = await startNatsServer(directory);
  if (typeof nats === "string") candidates.push(() => ({ name: "NATS", notRun: nats }));
  else candidates.push(await ofLink("NATS", "nats", stack.use(nats).address));
  candidates.push(ofLines("LCM (C, UDP multicast)", await startLcm(directory)));
  context.progress("starting ROS 1");
  candidates.push(ofLines("ROS 1 (C++)", await startRos1(directory, stack)));
  candidates.push(ofLines(NAMES.pipe, await startPython("multiprocessing", "pipe")));
  candidates.push(ofLines("RPyC, asynchronous calls, Unix socket", await startPython("rpyc", "rpyc")));
  return candidates;
}

async function startPython(module: string, link: string): Promise<LineProcess | string> {
  const python = findPython(module);
  if (python !== undefined) return startLineProcess(python, [PYTHON_STREAMS, link]);
  return module === "multiprocessing" ? "python3 is not installed" : `python3-${module} is not installed`;
}
