import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { Client, credentials } from "@grpc/grpc-js";
import { connect as connectNats } from "@nats-io/transport-node";
import { createTRPCClient, httpLink } from "@trpc/client";
import { createBirpc } from "birpc";
import { type Remote, wrap } from "comlink";
import { Tinypool } from "tinypool";
import { WebSocket } from "ws";
import { pack, unpack } from "../streams/links/pack.ts";
import { comlinkEndpoint } from "./comlink-endpoint.ts";
import { connectBare } from "./connect-bare.ts";
import type { Echo } from "./echo.ts";
import { ECHO_METHOD, GRPC_OPTIONS } from "./grpc-echo.ts";
import { frameReader, writeFrame } from "./socket-frames.ts";
import type { EchoRouter } from "./trpc-router.ts";

const WS_OPTIONS = { perMessageDeflate: false, maxPayload: 2 ** 26 } as const;
const TIMEOUT_MS = 60_000;

/** Echoes by name in the table. All but the threads are answered by one other process. */
export async function startNodePeers(
  directory: string,
  natsAddress: string | undefined,
  stack: AsyncDisposableStack,
): Promise<ReadonlyMap<string, Echo>> {
  const args = natsAddress === undefined ? [directory] : [directory, natsAddress];
  const child = fork(fileURLToPath(new URL("./server-process.ts", import.meta.url)), args, {
    serialization: "advanced",
  });
  stack.defer(async () => {
    child.kill();
    await once(child, "exit");
  });
  const [{ wsPort, trpcPort }] = (await once(child, "message")) as [{ wsPort: number; trpcPort: number }];
  const echoes = new Map<string, Echo>([
    ["raw ws, TCP loopback", await wsEcho(`ws://127.0.0.1:${wsPort}`, stack)],
    ["raw ws, Unix socket", await wsEcho(`ws+unix:${directory}/ws:/`, stack)],
    ["raw Unix socket, MessagePack", await socketEcho(join(directory, "raw"), stack)],
    ["birpc over ws, MessagePack, Unix socket", await birpcEcho(`ws+unix:${directory}/birpc:/`, stack)],
    ["comlink, worker thread", comlinkEcho(stack)],
    ["tinypool, worker thread", tinypoolEcho(stack)],
    ["child_process IPC, advanced serialization", ipcEcho(child)],
    ["gRPC, MessagePack, Unix socket", grpcEcho(`unix:${directory}/grpc`, stack)],
    ["tRPC, HTTP on TCP loopback", trpcEcho(`http://127.0.0.1:${trpcPort}`)],
  ]);
  if (natsAddress !== undefined) echoes.set("NATS", await natsEcho(natsAddress, stack));
  const bare = await connectBare(`ws+unix:${directory}/bare:/`);
  stack.defer(() => bare.close());
  return echoes.set("bare rpc-websockets, MessagePack, Unix socket", (value) => bare.call("echo", [value]));
}

/** Raw `ws` moves bytes: values are packed at both ends. Answers come in the order of the questions. */
async function wsEcho(address: string, stack: AsyncDisposableStack): Promise<Echo> {
  const socket = new WebSocket(address, WS_OPTIONS);
  await once(socket, "open");
  stack.defer(() => socket.terminate());
  const waiting: ((value: unknown) => void)[] = [];
  socket.on("message", (data: Buffer) => waiting.shift()?.(unpack(data)));
  return (value) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      socket.send(pack(value));
    });
}

async function socketEcho(path: string, stack: AsyncDisposableStack): Promise<Echo> {
  const socket = connectSocket(path);
  await once(socket, "connect");
  stack.defer(() => void socket.destroy());
  const waiting: ((value: unknown) => void)[] = [];
  socket.on(
    "data",
    frameReader((body) => waiting.shift()?.(unpack(body))),
  );
  return (value) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      writeFrame(socket, pack(value));
    });
}

async function birpcEcho(address: string, stack: AsyncDisposableStack): Promise<Echo> {
  const socket = new WebSocket(address, WS_OPTIONS);
  await once(socket, "open");
  stack.defer(() => socket.terminate());
  const rpc = createBirpc<{ echo(value: unknown): unknown }, object>(
    {},
    {
      post: (data: Buffer) => socket.send(data),
      on: (listener) => void socket.on("message", listener),
      serialize: pack,
      deserialize: unpack,
    },
  );
  return (value) => rpc.echo(value) as Promise<unknown>;
}

function comlinkEcho(stack: AsyncDisposableStack): Echo {
  const worker = new Worker(new URL("./comlink-worker.ts", import.meta.url));
  stack.defer(() => void worker.terminate());
  const remote: Remote<{ echo(value: unknown): unknown }> = wrap(comlinkEndpoint(worker));
  return async (value) => remote.echo(value);
}

function tinypoolEcho(stack: AsyncDisposableStack): Echo {
  const pool = new Tinypool({
    filename: fileURLToPath(new URL("./thread-echo.ts", import.meta.url)),
    minThreads: 1,
    maxThreads: 1,
  });
  stack.defer(() => pool.destroy());
  return (value) => pool.run(value);
}

function ipcEcho(child: ChildProcess): Echo {
  const waiting: ((value: unknown) => void)[] = [];
  child.on("message", (value) => waiting.shift()?.(value));
  return (value) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      child.send(value as object);
    });
}

function grpcEcho(address: string, stack: AsyncDisposableStack): Echo {
  const client = new Client(address, credentials.createInsecure(), GRPC_OPTIONS);
  stack.defer(() => client.close());
  return (value) =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(ECHO_METHOD.path, pack, unpack, value, (error, answer) =>
        error === null ? resolve(answer) : reject(error),
      );
    });
}

/** Bytes go as base64 in JSON. */
function trpcEcho(url: string): Echo {
  const client = createTRPCClient<EchoRouter>({ links: [httpLink({ url })] });
  return async (value) => {
    if (!(value instanceof Uint8Array)) return client.echo.mutate(value);
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return Buffer.from((await client.echo.mutate(bytes.toString("base64"))) as string, "base64");
  };
}

async function natsEcho(address: string, stack: AsyncDisposableStack): Promise<Echo> {
  const connection = await connectNats({ servers: address });
  stack.defer(() => connection.close());
  return async (value) => unpack((await connection.request("echo", pack(value), { timeout: TIMEOUT_MS })).data);
}
