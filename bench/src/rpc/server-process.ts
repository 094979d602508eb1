import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { Server as GrpcServer, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { connect } from "@nats-io/transport-node";
import { createHTTPServer as createTrpcServer } from "@trpc/server/adapters/standalone";
import { createBirpc } from "birpc";
import { Server } from "rpc-websockets";
import { type WebSocket, WebSocketServer } from "ws";
import { pack, unpack } from "../streams/links/pack.ts";
import { ECHO_METHOD, GRPC_OPTIONS } from "./grpc-echo.ts";
import { frameReader, writeFrame } from "./socket-frames.ts";
import { echoRouter } from "./trpc-router.ts";

// The answering side of the rpc bench's peers in Node, in a process of its own: each on a path in this directory or on a
// TCP port of its own, whose numbers are the first message.
const [directory, natsAddress] = process.argv.slice(2) as [string, string | undefined];
const WS_OPTIONS = { perMessageDeflate: false, maxPayload: 2 ** 26 } as const;

async function wsOnPath(name: string): Promise<WebSocketServer> {
  const http = createHttpServer();
  const server = new WebSocketServer({ server: http, ...WS_OPTIONS });
  http.listen(`${directory}/${name}`);
  await once(http, "listening");
  return server;
}

function echo(server: WebSocketServer): void {
  server.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
}

const tcp = new WebSocketServer({ port: 0, host: "127.0.0.1", ...WS_OPTIONS });
echo(tcp);
await once(tcp, "listening");
echo(await wsOnPath("ws"));

const raw = createServer((socket) => {
  const read = frameReader((body) => writeFrame(socket, pack(unpack(body))));
  socket.on("data", read);
  socket.on("error", () => socket.destroy());
}).listen(`${directory}/raw`);
await once(raw, "listening");

const bareHttp = createHttpServer().listen(`${directory}/bare`);
const bare = new Server({ server: bareHttp, ...WS_OPTIONS }, { encode: pack, decode: unpack } as never);
bare.register("echo", ((params: unknown[]) => params[0]) as never);
await once(bareHttp, "listening");

const birpc = await wsOnPath("birpc");
birpc.on("connection", (socket: WebSocket) => {
  createBirpc(
    { echo: (value: unknown) => value },
    {
      post: (data: Buffer) => socket.send(data),
      on: (listener) => void socket.on("message", listener),
      serialize: pack,
      deserialize: unpack,
    },
  );
});

const grpc = new GrpcServer(GRPC_OPTIONS);
const answer = (call: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>) => done(null, call.request);
grpc.addService({ echo: ECHO_METHOD }, { echo: answer });
await new Promise<void>((resolve, reject) =>
  grpc.bindAsync(`unix:${directory}/grpc`, ServerCredentials.createInsecure(), (error) =>
    error === null ? resolve() : reject(error),
  ),
);

const trpc = createTrpcServer({ router: echoRouter, maxBatchSize: 100 } as never);
trpc.listen(0, "127.0.0.1");
await once(trpc, "listening");

if (natsAddress !== undefined) {
  const connection = await connect({ servers: natsAddress });
  connection.subscribe("echo", { callback: (_error, message) => void message.respond(pack(unpack(message.data))) });
  await connection.flush();
}

// The channel of `fork` is a peer too: what comes on it goes back on it.
process.on("message", (value) => void process.send?.(value));
process.on("disconnect", () => process.exit());
process.send?.({ wsPort: portOf(tcp), trpcPort: portOf(trpc) });

function portOf(server: { address(): unknown }): number {
  return (server.address() as { readonly port: number }).port;
}
