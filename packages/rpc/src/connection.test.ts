import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { removeSocket, unixEndpoint } from "../test/endpoints.ts";
import { testMethods } from "../test/methods.ts";
import { startServerProcess } from "../test/processes.ts";
import { decodeServerFrame, encodeClientFrame, type ServerFrame } from "./frames.ts";
import { type ClientState, ConnectionLostError, connect, type RpcServer, serve } from "./index.ts";

const TOKEN = { token: "secret" };

/** What each of many promises came to, and after how long. */
async function settle(calls: Promise<unknown>[]): Promise<{ codes: Set<unknown>; ms: number }> {
  const start = performance.now();
  const results = await Promise.all(
    calls.map((call) =>
      call.then(
        () => "answered",
        (error: { code: string }) => error.code,
      ),
    ),
  );
  return { codes: new Set(results), ms: performance.now() - start };
}

describe("a server that dies", () => {
  test("A17 B5 killed with 200 calls in flight, ten times: all reject at once, and so does the next call", async () => {
    for (let round = 0; round < 10; round++) {
      const endpoint = unixEndpoint();
      await using server = await startServerProcess(endpoint);
      await using client = await connect(endpoint, TOKEN);
      const calls = Array.from({ length: 200 }, () => client.call("hang", []));
      await client.call("echo", []);
      const settled = settle(calls);
      server.child.kill("SIGKILL");
      const { codes, ms } = await settled;
      expect([...codes]).toEqual(["CONNECTION_LOST"]);
      expect(ms).toBeLessThan(1000);
      expect(client.state).toBe("closed");
      await expect(client.call("echo", [])).rejects.toThrow(`echo was not sent: no connection to ${endpoint}`);
      expect(client.pending).toBe(0);
      removeSocket(endpoint);
    }
    // Ten processes start one after the other.
  }, 120_000);

  test("A17 the error names the call, the endpoint and what happened", async () => {
    const server = await serve(testMethods(), { endpoint: unixEndpoint() });
    await using client = await connect(server.endpoint);
    const call = client.call("hang", []).catch((error: unknown) => error);
    await client.call("echo", []);
    await server.close();
    const error = await call;
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({
      message: `hang got no answer: The connection to ${server.endpoint} was lost: The server closed the connection: the server is closing`,
    });
  });

  test("a loop that calls again at every failure leaves timers their turn", async () => {
    const server = await serve(testMethods(), { endpoint: unixEndpoint() });
    await using client = await connect(server.endpoint);
    await server.close();
    await vi.waitFor(() => expect(client.state).toBe("closed"));
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, 20);
    const start = performance.now();
    while (!isOver && performance.now() - start < 1000) await client.call("echo", []).catch(() => {});
    expect(isOver).toBe(true);
  });
});

describe("connecting", () => {
  test("B5 nobody there, a server that says nothing, an abort: each rejects in time", async () => {
    await expect(connect(unixEndpoint())).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await expect(connect("ws://127.0.0.1:1")).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    const silent = createServer((socket) => socket.resume().on("error", () => {}));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const endpoint = `ws://127.0.0.1:${(silent.address() as { port: number }).port}`;
    await expect(connect(endpoint, { connectTimeoutMs: 100 })).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await expect(connect(endpoint, { signal: AbortSignal.timeout(50) })).rejects.toThrow("Connecting was aborted");
    await expect(connect(endpoint, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
    silent.close();
  });

  test("B5 closing a client rejects what is pending, twice is fine, and nothing is left of it", async () => {
    await using server = await serve(testMethods(), { endpoint: unixEndpoint() });
    const client = await connect(server.endpoint);
    const call = settle([client.call("hang", [])]);
    await client.close();
    await client.close();
    expect([...(await call).codes]).toEqual(["CONNECTION_LOST"]);
    expect(client.state).toBe("closed");
    await vi.waitFor(() => expect(server.stats()).toMatchObject({ clients: 0, callsInFlight: 0 }));
  });

  test("I2 a caller that is gone aborts the methods it called", async () => {
    const aborted = vi.fn();
    const move = (_: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve(aborted(signal.reason.message))));
    await using server = await serve(new Map([["move", move]]), { endpoint: unixEndpoint() });
    const client = await connect(server.endpoint);
    const call = client.call("move", []).catch(() => {});
    await vi.waitFor(() => expect(server.stats().callsInFlight).toBe(1));
    await client.close();
    await call;
    await vi.waitFor(() => expect(aborted).toHaveBeenCalledWith("The caller is gone"));
  });
});

describe("frames that are none", () => {
  async function raw(server: RpcServer): Promise<WebSocket> {
    const socket = new WebSocket(`ws+${server.endpoint}:/rpc`);
    await once(socket, "open");
    return socket;
  }

  test("B5 junk from a client is answered with the reason, and the server goes on", async () => {
    await using server = await serve(testMethods(), { endpoint: unixEndpoint() });
    const socket = await raw(server);
    for (const junk of [Buffer.from([0xc1]), Buffer.alloc(0), "text", Buffer.from([0x93, 1, 2])]) {
      socket.send(junk);
      const [bytes] = (await once(socket, "message")) as [Buffer];
      expect(bytes.toString("latin1")).toContain("jsonrpc");
    }
    await using client = await connect(server.endpoint);
    expect(await client.call("echo", [1])).toBe(1);
    socket.terminate();
  });

  test("B5 a call with the number of one under way is refused, and the other goes on", async () => {
    await using server = await serve(testMethods(), { endpoint: unixEndpoint() });
    const socket = await raw(server);
    const answers: ServerFrame[] = [];
    socket.on("message", (bytes) => answers.push(decodeServerFrame(bytes)));
    const call = { kind: "call", id: 1, args: [20], wantsProgress: false } as const;
    for (const method of ["wait", "echo"]) socket.send(encodeClientFrame({ ...call, method }));
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    expect(answers).toMatchObject([
      { kind: "failure", id: 1, error: { code: "BAD_FRAME", message: "call 1 is under way already" } },
      { kind: "answer", id: 1, value: "waited" },
    ]);
    socket.terminate();
  });

  test("B5 a frame in countless pieces closes the connection, and the server goes on", async () => {
    await using server = await serve(testMethods(), { endpoint: unixEndpoint() });
    const socket = await raw(server);
    for (let piece = 0; piece < 100; piece++) socket.send(Buffer.alloc(1), { fin: false });
    const [code] = await once(socket, "close");
    expect(code).toBe(1008);
    await using client = await connect(server.endpoint);
    expect(await client.call("echo", [1])).toBe(1);
  });

  test("B5 a frame above the limit closes the connection with the reason, and the server goes on", async () => {
    await using server = await serve(testMethods(), { endpoint: unixEndpoint(), maxPayloadBytes: 100_000 });
    await using client = await connect(server.endpoint);
    const calls = [client.call("hang", []), client.call("echo", [new Uint8Array(200_000)])];
    const errors = await Promise.all(calls.map((call) => call.catch((error: Error) => error.message)));
    for (const message of errors) expect(message).toContain("a frame was larger than it takes");
    await using next = await connect(server.endpoint);
    expect(await next.call("echo", [new Uint8Array(50_000)])).toHaveLength(50_000);
  });

  test("B5 arguments above the client's own limit, and answers above the server's, are refused with the size", async () => {
    const methods = testMethods().set("big", () => new Uint8Array(200_000));
    await using server = await serve(methods, { endpoint: unixEndpoint(), maxPayloadBytes: 100_000 });
    await using client = await connect(server.endpoint, { maxPayloadBytes: 100_000 });
    await expect(client.call("echo", [new Uint8Array(200_000)])).rejects.toThrow("args is larger than 100000 bytes");
    await expect(client.call("big", [])).rejects.toThrow("result is larger than 100000 bytes");
    expect(await client.call("echo", [1])).toBe(1);
  });

  test.each([
    ["a text", "x"],
    ["junk", Buffer.from([0xc1])],
    ["a map", Buffer.from([0x80])],
    ["null", Buffer.from([0xc0])],
  ])("B5 a server that sends %s loses the client, and every call rejects", async (_, junk) => {
    const { WebSocketServer } = await import("ws");
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    server.on("connection", (socket) => socket.on("message", () => socket.send(junk)));
    await using client = await connect(`ws://127.0.0.1:${(server.address() as { port: number }).port}`);
    await expect(client.call("echo", [])).rejects.toThrow("The server sent something that is not a frame");
    server.close();
  });
});

/** A proxy in front of a TCP server, that can stop passing anything on without closing. */
async function createGate(target: string): Promise<{ endpoint: string; shut(): void; close(): void }> {
  const sockets: Socket[] = [];
  const { connect: dial } = await import("node:net");
  const server: Server = createServer((near) => {
    const far = dial(Number(new URL(target).port), "127.0.0.1");
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on("error", () => {});
    near.pipe(far).pipe(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `ws://127.0.0.1:${(server.address() as { port: number }).port}`,
    shut() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe("a peer that is silent", () => {
  test("B5 a half-open server is found, and everything settles within two seconds; so is a half-open client", async () => {
    await using server = await serve(testMethods(), { endpoint: "ws://127.0.0.1:0", ...TOKEN });
    const gate = await createGate(server.endpoint);
    await using client = await connect(gate.endpoint, TOKEN);
    const calls = Array.from({ length: 50 }, () => client.call("hang", []));
    await client.call("echo", []);
    gate.shut();
    const { codes, ms } = await settle(calls);
    expect([...codes]).toEqual(["CONNECTION_LOST"]);
    expect(ms).toBeLessThan(2000);
    await vi.waitFor(() => expect(server.stats()).toMatchObject({ clients: 0, callsInFlight: 0 }), { timeout: 2000 });
    gate.close();
  });

  test("an idle connection lives on", async () => {
    await using server = await serve(testMethods(), { endpoint: "ws://127.0.0.1:0", ...TOKEN, heartbeatMs: 100 });
    await using client = await connect(server.endpoint, { ...TOKEN, heartbeatMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await client.call("echo", [1])).toBe(1);
  });

  test("a process that was busy itself does not take its peer for dead", async () => {
    await using server = await startServerProcess("ws://127.0.0.1:0");
    await using client = await connect(server.endpoint, { ...TOKEN, heartbeatMs: 200 });
    const end = performance.now() + 600;
    while (performance.now() < end);
    expect(await client.call("echo", [1])).toBe(1);
  });

  test("B5 a stopped process that takes no bytes: calls larger than the socket's buffer settle by their deadline", async () => {
    const endpoint = unixEndpoint();
    await using server = await startServerProcess(endpoint);
    await using client = await connect(endpoint, TOKEN);
    server.child.kill("SIGSTOP");
    const calls = Array.from({ length: 20 }, () =>
      client.call("echo", [new Uint8Array(1_000_000)], { timeoutMs: 500 }),
    );
    const { codes, ms } = await settle(calls);
    expect([...codes]).toEqual(["CALL_TIMEOUT"]);
    expect(ms).toBeLessThan(900);
    expect(client.pending).toBe(0);
    server.child.kill("SIGCONT");
    expect(await client.call("echo", ["again"])).toBe("again");
    await client.close();
    server.child.kill("SIGKILL");
    removeSocket(endpoint);
  });
});

describe("reconnecting", () => {
  test("brings back subscriptions and later calls, replays nothing, and shows in the state", async () => {
    const endpoint = unixEndpoint();
    const ran = vi.fn();
    const methods = testMethods().set("move", (_, { signal }) => {
      ran();
      return new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
    const first = await serve(methods, { endpoint });
    await using client = await connect(endpoint, { reconnect: true });
    const states: ClientState[] = [];
    client.onStateChange((state) => states.push(state));
    const values: unknown[] = [];
    await client.subscribe("odom", (value) => values.push(value)).ready;
    first.publish("odom", 1);
    const move = client.call("move", []).catch((error: unknown) => error);
    await vi.waitFor(() => expect(values).toEqual([1]));
    await first.close();
    expect(await move).toBeInstanceOf(ConnectionLostError);
    await expect(client.call("echo", [])).rejects.toBeInstanceOf(ConnectionLostError);
    await using second = await serve(methods, { endpoint });
    await vi.waitFor(() => expect(client.state).toBe("open"), { timeout: 5000 });
    expect(await client.call("echo", ["back"])).toBe("back");
    second.publish("odom", 2);
    await vi.waitFor(() => expect(values).toEqual([1, 2]));
    expect(states).toEqual(["reconnecting", "open"]);
    expect(ran).toHaveBeenCalledTimes(1);
  });

  test("ends when it is refused, and says so", async () => {
    const first = await serve(testMethods(), { endpoint: unixEndpoint(), token: "old" });
    await using client = await connect(first.endpoint, { token: "old", reconnect: true });
    const changes: unknown[] = [];
    client.onStateChange((state, reason) => changes.push([state, (reason as { code?: unknown } | undefined)?.code]));
    await first.close();
    await using _second = await serve(testMethods(), { endpoint: first.endpoint, token: "new" });
    await vi.waitFor(() => expect(client.state).toBe("closed"), { timeout: 5000 });
    expect(changes).toEqual([
      ["reconnecting", "CONNECTION_LOST"],
      ["closed", "ACCESS_DENIED"],
    ]);
    await expect(client.call("echo", [])).rejects.toThrow("the token is wrong");
  });

  test("ends with close(), also while there is nobody to connect to", async () => {
    const server = await serve(testMethods(), { endpoint: unixEndpoint() });
    const client = await connect(server.endpoint, { reconnect: true });
    await server.close();
    await vi.waitFor(() => expect(client.state).toBe("reconnecting"));
    await client.close();
    await using again = await serve(testMethods(), { endpoint: server.endpoint });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(again.stats().clients).toBe(0);
    expect(client.state).toBe("closed");
  });
});
