import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { CommonClient, Server } from "rpc-websockets";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { unixEndpoint } from "../test/endpoints.ts";
import { SocketClient } from "./client/client.ts";
import type { ClientPipe, PipeOptions } from "./client/pipe.ts";
import { connect, type RpcHandler, serve } from "./index.ts";

/**
 * What rpc-websockets 10.0.1 does by itself, beside what this package makes of it. The first half of each test is the
 * positive control: once it fails, the library has changed, and the cure may be taken out.
 */
describe("rpc-websockets by itself, and here", () => {
  const cleanUp: (() => unknown)[] = [];
  afterEach(async () => {
    for (const clean of cleanUp.splice(0).reverse()) await clean();
  });

  async function bare(methods: Record<string, (params: never) => unknown>) {
    const endpoint = unixEndpoint().slice("unix:".length);
    const http = createServer();
    const server = new Server({ server: http });
    for (const [name, method] of Object.entries(methods)) server.register(name, method as never);
    http.listen(endpoint);
    await once(http, "listening");
    cleanUp.push(() => {
      for (const socket of server.wss.clients) socket.terminate();
      server.wss.close();
      http.close();
    });
    const dial = async (path = "/") => {
      const socket = new WebSocket(`ws+unix:${endpoint}:${path}`);
      cleanUp.push(() => socket.terminate());
      const client = new CommonClient((() => socket) as never, "", { reconnect: false });
      await once(client as unknown as EventEmitter, "open");
      return { client, socket };
    };
    return { server, ...(await dial()), dial };
  }

  async function here(methods: Record<string, RpcHandler>) {
    const server = await serve(new Map(Object.entries(methods)), { endpoint: unixEndpoint() });
    const client = await connect(server.endpoint);
    cleanUp.push(
      () => server.close(),
      () => client.close(),
    );
    return { server, client };
  }

  /** Whether a promise is settled after the other side has had all the time it needs. */
  async function isSettled(promise: Promise<unknown>): Promise<boolean> {
    const pending = new Promise((resolve) => setTimeout(resolve, 150, "pending"));
    return (await Promise.race([promise.catch(() => "rejected"), pending])) !== "pending";
  }

  test("a method that returns nothing", async () => {
    const { client } = await bare({ nothing: () => undefined });
    await expect(client.call("nothing")).rejects.toThrow("malformed");
    expect(await (await here({ nothing: () => undefined })).client.call("nothing", [])).toBeUndefined();
  });

  test("an error", async () => {
    const fail = () => {
      throw new TypeError("no");
    };
    const { client } = await bare({ fail });
    expect(await client.call("fail").catch((error: unknown) => error)).toEqual({
      code: -32000,
      message: "TypeError",
      data: "no",
    });
    await expect((await here({ fail })).client.call("fail", [])).rejects.toMatchObject({
      name: "TypeError",
      message: "no",
    });
  });

  test("a call in flight when the connection dies", async () => {
    const hang = () => new Promise(() => {});
    const { client, server } = await bare({ hang });
    const call = client.call("hang");
    await once(server.wss.clients.values().next().value as WebSocket, "message");
    for (const socket of server.wss.clients) socket.terminate();
    expect(await isSettled(call)).toBe(false);
    const cured = await here({ hang, echo: (args) => args[0] });
    const curedCall = cured.client.call("hang", []).catch((error: { code: string }) => error.code);
    await cured.client.call("echo", []);
    await cured.server.close();
    expect(await curedCall).toBe("CONNECTION_LOST");
  });

  test("an answer that comes before the write of the call is reported done", async () => {
    // The library notes a call in the callback of send; with a full socket the answer is there first, and is dropped.
    const socket = Object.assign(new EventEmitter(), {
      addEventListener: (name: string, listener: (event: unknown) => void) => socket.on(name, listener),
      send(bytes: string, _options: unknown, done: () => void) {
        const { id } = JSON.parse(bytes);
        socket.emit("message", { data: JSON.stringify({ jsonrpc: "2.0", id, result: 1 }) });
        done();
      },
    });
    const client = new CommonClient((() => socket) as never, "", { reconnect: false });
    socket.emit("open");
    expect(await isSettled(client.call("early"))).toBe(false);
    const eager = async (_address: unknown, { onFrame }: PipeOptions) =>
      ({ isOpen: true, send: () => onFrame({ kind: "answer", id: 1, value: 1 }) }) as unknown as ClientPipe;
    const defaults = { connectTimeoutMs: 100, maxPayloadBytes: 1000, heartbeatMs: 0 };
    const cured = new SocketClient("unix:/x", { kind: "unix", path: "/x" }, defaults, eager);
    await cured.open(undefined);
    expect(await cured.call("early", [])).toBe(1);
  });

  test("a subscription to an event that does not exist", async () => {
    const { client } = await bare({});
    expect(await client.subscribe("nowhere")).toEqual({ nowhere: "provided event invalid" });
    const server = await serve(new Map(), { endpoint: unixEndpoint(), topics: new Set(["odom"]) });
    const cured = await connect(server.endpoint);
    cleanUp.push(
      () => server.close(),
      () => cured.close(),
    );
    await expect(cured.subscribe("nowhere", () => {}).ready).rejects.toMatchObject({ code: "NO_SUCH_TOPIC" });
  });

  test("a client that chooses the id of another", async () => {
    const { server, dial } = await bare({});
    await dial("/?socket_id=mine");
    expect([...(server.of("/").clients() as unknown as { clients: Map<string, unknown> }).clients.keys()]).toContain(
      "mine",
    );
    const cured = await here({ id: (_, { clientId }) => clientId });
    const socket = new WebSocket(`ws+${cured.server.endpoint}:/rpc?socket_id=mine`);
    const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(404);
    socket.on("error", () => {}).terminate();
    expect(await cured.client.call("id", [])).not.toBe("mine");
  });

  test("paths that become namespaces which are never freed", async () => {
    const { server, dial } = await bare({});
    await dial("/made-up");
    expect(Object.keys((server as unknown as { namespaces: object }).namespaces)).toContain("/made-up");
    const cured = await here({});
    const socket = new WebSocket(`ws+${cured.server.endpoint}:/made-up`);
    await once(socket, "unexpected-response");
    socket.on("error", () => {}).terminate();
  });

  test("maps, dates and typed arrays", async () => {
    const value = { map: new Map([[1, 2]]), date: new Date(0), scan: new Float32Array([1]) };
    const { client } = await bare({ echo: (params: unknown) => params });
    expect(await client.call("echo", value)).toEqual({ map: {}, date: "1970-01-01T00:00:00.000Z", scan: { 0: 1 } });
    expect(await (await here({ echo: (args) => args[0] })).client.call("echo", [value])).toEqual(value);
  });

  test("methods found on Object.prototype", async () => {
    const { client } = await bare({});
    // It is found, is no method, and its missing function is reported as an error of the server.
    expect(await client.call("constructor").catch((error: unknown) => error)).toMatchObject({ message: "TypeError" });
    await expect((await here({})).client.call("constructor", [])).rejects.toMatchObject({ code: "NO_SUCH_METHOD" });
  });

  test("a list of all methods for everybody who asks", async () => {
    const { client } = await bare({ secret: () => 1 });
    expect(await client.call("__listMethods")).toContain("secret");
    await expect((await here({ secret: () => 1 })).client.call("__listMethods", [])).rejects.toMatchObject({
      code: "NO_SUCH_METHOD",
    });
  });

  test("a frame that ends the process of the server", async () => {
    // In the process of a bare server this is an unhandled rejection; here its cause is called directly.
    const { server } = await bare({});
    const run = (server as unknown as { _runMethod(message: unknown, id: string): Promise<unknown> })._runMethod;
    await expect(run.call(server, { jsonrpc: "2.0", id: 1, method: "rpc.on", params: {} }, "x")).rejects.toThrow(
      TypeError,
    );
    await expect(
      run.call(server, { jsonrpc: "2.0", id: 1, method: "rpc.off", params: ["__proto__"] }, "x"),
    ).rejects.toThrow(TypeError);
    const cured = await here({ bigint: () => 1n, cycle: () => cycle });
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    await expect(cured.client.call("rpc.on", [{}])).rejects.toMatchObject({ code: "NO_SUCH_METHOD" });
    await expect(cured.client.call("rpc.off", ["__proto__"])).rejects.toMatchObject({ code: "NO_SUCH_METHOD" });
    expect(await cured.client.call("bigint", [])).toBe(1n);
    expect(await cured.client.call("cycle", [])).toHaveProperty("self.self.self");
  });

  test("a server that closes and leaves its clients connected", async () => {
    const { server, client } = await bare({ ping: () => "pong" });
    await server.close();
    expect(await client.call("ping")).toBe("pong");
    const cured = await here({ ping: () => "pong" });
    await cured.server.close();
    await expect(cured.client.call("ping", [])).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  test("a page of another origin", async () => {
    const { dial } = await bare({ ping: () => "pong" });
    expect((await dial()).socket.readyState).toBe(WebSocket.OPEN);
    const cured = await here({});
    const socket = new WebSocket(`ws+${cured.server.endpoint}:/rpc`, { origin: "https://evil.example" });
    const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(403);
    socket.on("error", () => {}).terminate();
  });
});
