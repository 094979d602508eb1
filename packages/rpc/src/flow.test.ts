import { once } from "node:events";
import { readdirSync } from "node:fs";
import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { removeSocket, unixEndpoint } from "../test/endpoints.ts";
import { testMethods } from "../test/methods.ts";
import { startServerProcess } from "../test/processes.ts";
import { connect, type RpcServer, serve } from "./index.ts";

const MIB = 1024 * 1024;

async function rawClient(server: RpcServer): Promise<WebSocket> {
  const socket = new WebSocket(`ws+${server.endpoint}:/rpc`);
  await once(socket, "open");
  return socket;
}

test("a flood of 200,000 calls is answered, holds nothing, and leaves a neighbour its turn", async () => {
  const endpoint = unixEndpoint();
  await using server = await startServerProcess(endpoint);
  await using client = await connect(endpoint, { token: "secret" });
  await using neighbour = await connect(endpoint, { token: "secret" });
  // What the server holds on to, after a collection: how far V8 lets its heap grow is not the question.
  const held = async () => (await neighbour.call("held", [])) as number;
  await Promise.all(Array.from({ length: 5000 }, () => client.call("later", [1])));
  const before = await held();
  let most = before;
  let answered = 0;
  let turns = 0;
  const flood = Promise.all(
    Array.from({ length: 200_000 }, () =>
      client.call("later", [1]).then(() => {
        answered += 1;
      }),
    ),
  );
  while (answered < 200_000) {
    most = Math.max(most, await held());
    turns += 1;
    await tick();
  }
  await flood;
  expect(turns).toBeGreaterThan(10);
  expect((most - before) / MIB).toBeLessThan(50);
  server.child.kill("SIGKILL");
  removeSocket(endpoint);
});

describe("a client that does not read", () => {
  test("holds at most 16 MiB of events, which are counted, while others get everything", async () => {
    await using server = await serve(testMethods(), { endpoint: unixEndpoint() });
    const slow = await rawClient(server);
    const { encodeClientFrame } = await import("./frames.ts");
    slow.send(encodeClientFrame({ kind: "subscribe", id: 1, topic: "scan" }));
    await once(slow, "message");
    slow.pause();
    await using fast = await connect(server.endpoint);
    let received = 0;
    await fast.subscribe("scan", () => {
      received += 1;
    }).ready;
    let most = 0;
    const value = new Uint8Array(MIB);
    for (let i = 0; i < 600; i++) {
      server.publish("scan", value);
      while (received <= i) await tick();
      most = Math.max(most, server.stats().unsentBytes);
    }
    expect(received).toBe(600);
    expect(server.stats().dropped).toBeGreaterThan(600 - 17 - 8);
    expect(most).toBeGreaterThan(8 * MIB);
    expect(most).toBeLessThanOrEqual(16 * MIB);
    slow.terminate();
  });

  test("is not read from either, once its answers wait for it", async () => {
    const echo = vi.fn((args: readonly unknown[]) => args[0]);
    await using server = await serve(new Map([["echo", echo]]), { endpoint: unixEndpoint() });
    const greedy = await rawClient(server);
    const { encodeClientFrame } = await import("./frames.ts");
    greedy.pause();
    const args = [new Uint8Array(MIB / 4)];
    for (let id = 1; id <= 100; id++) {
      greedy.send(encodeClientFrame({ kind: "call", id, method: "echo", args, wantsProgress: false }));
    }
    await using other = await connect(server.endpoint);
    await other.call("echo", [1]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(echo.mock.calls.length).toBeLessThan(20);
    let answers = 0;
    greedy.on("message", () => {
      answers += 1;
    });
    greedy.resume();
    await vi.waitFor(() => expect(answers).toBe(100), { timeout: 5000 });
    greedy.terminate();
  });
});

test("calls that never end hold up neither an abort nor a close", async () => {
  await using server = await serve(testMethods(), { endpoint: unixEndpoint() });
  await using client = await connect(server.endpoint);
  const controller = new AbortController();
  const calls = Array.from({ length: 5000 }, () =>
    client.call("hang", [], { signal: controller.signal }).catch(() => {}),
  );
  await vi.waitFor(() => expect(server.stats().callsInFlight).toBeGreaterThanOrEqual(2048));
  controller.abort();
  await Promise.all(calls);
  await vi.waitFor(() => expect(server.stats().callsInFlight).toBe(0), { timeout: 10_000 });
  expect(await client.call("echo", [1])).toBe(1);
});

test("80,000 calls over 800 connections leave no memory and no descriptor", async () => {
  await using server = await serve(testMethods(), { endpoint: unixEndpoint() });
  const descriptors = () => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);
  const round = async (connections: number) => {
    const clients = await Promise.all(Array.from({ length: connections }, () => connect(server.endpoint)));
    await Promise.all(clients.flatMap((client) => Array.from({ length: 100 }, () => client.call("echo", [1]))));
    await Promise.all(clients.map((client) => client.close()));
    await vi.waitFor(() => expect(server.stats().clients).toBe(0));
  };
  await round(200);
  await round(200);
  const before = descriptors();
  for (let i = 0; i < 4; i++) await round(200);
  expect(descriptors()).toBeLessThanOrEqual(before);
  expect(server.stats()).toEqual({ clients: 0, callsInFlight: 0, unsentBytes: 0, dropped: 0 });
});
