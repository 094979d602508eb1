import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { removeSocket, unixEndpoint } from "../test/endpoints.ts";
import { startServerProcess } from "../test/processes.ts";
import { connect, type RpcClient, type ServeOptions, serve, type TurnedAway } from "./index.ts";

const MAX_HANDSHAKES = 32;
/** A connection that is held for this long is held for good. Only a failing test waits for it. */
const FOR_GOOD_MS = 8_000;
const REQUEST = "GET /rpc HTTP/1.1\r\nhost: localhost\r\n";
const UPGRADE = `${REQUEST}connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n`;

const tcp = (options: Partial<ServeOptions> = {}) =>
  serve(new Map([["read", () => "answer"]]), { endpoint: "ws://127.0.0.1:0", token: "right", ...options });

/** Connects and stays, until the server has closed the connection or the test ends. */
async function dial(endpoint: string, localAddress = "127.0.0.1"): Promise<Socket> {
  const port = Number(new URL(endpoint).port);
  const socket = connectSocket({ port, host: "127.0.0.1", localAddress, allowHalfOpen: true });
  socket.on("error", () => {}).resume();
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** One after the other, so that their order is known. */
async function dialMany(count: number, endpoint: string, localAddress?: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i++) sockets.push(await dial(endpoint, localAddress));
  return sockets;
}

/** Resolves when the server has given the connection up, and not only ended its own half. */
async function givenUp(socket: Socket): Promise<void> {
  // What is sent to a socket that is closed is answered with a reset.
  socket.once("end", () => {
    const poke = setInterval(() => socket.write("\n"), 50);
    socket.once("close", () => clearInterval(poke));
  });
  await new Promise((resolve) => socket.once("close", resolve));
}

const closed = (sockets: readonly Socket[]) => sockets.flatMap((socket, i) => (socket.readableEnded ? [i] : []));

/** Sends a byte now and then, until the connection is closed. */
function trickle(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] as string), 20);
  socket.once("close", () => clearInterval(timer));
}

describe("a client that shows no token", () => {
  test.concurrent.each<[string, (socket: Socket) => void]>([
    ["says nothing", () => {}],
    ["sends its request byte by byte", (socket) => trickle(socket, `${REQUEST}x-padding: ${"x".repeat(4_000)}`)],
    ["was refused, and does not close", (socket) => socket.write(`${UPGRADE}\r\n`)],
    ["showed a wrong one, and does not close", (socket) => socket.write(`${UPGRADE}authorization: Bearer x\r\n\r\n`)],
  ])("K7 and %s is given up after 2 s", { timeout: FOR_GOOD_MS }, async (_, act) => {
    await using server = await tcp();
    const socket = await dial(server.endpoint);
    act(socket);
    await givenUp(socket);
  });

  test("K7 and was refused does not keep a server from closing", { timeout: FOR_GOOD_MS }, async () => {
    const server = await tcp();
    const socket = await dial(server.endpoint);
    socket.write(`${UPGRADE}\r\n`);
    await once(socket, "end");
    await server.close();
  });
});

describe("more connections without a token than there may be", () => {
  test("K7 close the oldest of the address that has the most, and are reported together", async () => {
    const reports: TurnedAway[] = [];
    const server = await tcp({ onTurnedAway: (turnedAway) => reports.push(turnedAway) });
    // Loads what a client needs.
    await using _first = await connect(server.endpoint, { token: "right" });
    const quiet = await dial(server.endpoint, "127.0.0.2");
    const loud = await dialMany(MAX_HANDSHAKES + 8, server.endpoint);
    await vi.waitFor(() => expect(closed(loud)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]));
    await using client = await connect(server.endpoint, { token: "right" });
    expect(await client.call("read", [])).toBe("answer");
    expect(quiet.readableEnded).toBe(false);
    expect(reports).toEqual([]);
    await server.close();
    expect(reports).toMatchObject([{ count: 10, from: new Map([["127.0.0.1", 10]]) }]);
  });

  test("K7 leave descriptors to the Unix socket of the same process, and clients with the token get in", async () => {
    const unix = unixEndpoint();
    await using server = await startServerProcess(unix, { also: ["ws://127.0.0.1:0"], openFiles: 400 });
    const tcpEndpoint = server.endpoints[1] as string;
    const strangers = await Promise.all(Array.from({ length: 600 }, () => dial(tcpEndpoint)));
    await using owner = await connect(tcpEndpoint, { token: "secret" });
    await using local = await connect(unix, { token: "secret" });
    expect(await Promise.all([owner.call("echo", [1]), local.call("echo", [2])])).toEqual([1, 2]);
    expect(closed(strangers).length).toBeGreaterThanOrEqual(600 - MAX_HANDSHAKES);
    // Nor do clients with the token use them up: three eighths of 400 are theirs.
    const clients: RpcClient[] = [owner];
    onTestFinished(async () => void (await Promise.all(clients.map((client) => client.close()))));
    while (clients.length < 150) clients.push(await connect(tcpEndpoint, { token: "secret" }));
    await expect(connect(tcpEndpoint, { token: "secret" })).rejects.toThrow("too many clients");
    await using late = await connect(unix, { token: "secret" });
    expect(await late.call("echo", [3])).toBe(3);
    await server[Symbol.asyncDispose]();
    removeSocket(unix);
  });
});
