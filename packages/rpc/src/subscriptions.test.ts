import { expect, test, vi } from "vitest";
import { unixEndpoint } from "../test/endpoints.ts";
import { type ConnectOptions, connect, NoSuchTopicError, type ServeOptions, serve } from "./index.ts";
import { MAX_TOPICS } from "./server/session.ts";

async function pair(serving: Partial<ServeOptions> = {}, connecting: ConnectOptions = {}) {
  const server = await serve(new Map([["sync", () => {}]]), { endpoint: unixEndpoint(), ...serving });
  const client = await connect(server.endpoint, connecting);
  return {
    server,
    client,
    /** After it, everything published before has arrived. */
    sync: () => client.call("sync", []),
    async [Symbol.asyncDispose]() {
      await client.close();
      await server.close();
    },
  };
}

test("events reach those who asked for their topic, in order, and nobody else", async () => {
  await using both = await pair();
  await using other = await connect(both.server.endpoint);
  const odom: unknown[] = [];
  const elsewhere = vi.fn();
  await both.client.subscribe("odom", (value) => odom.push(value)).ready;
  await other.subscribe("map", elsewhere).ready;
  for (let i = 0; i < 100; i++) both.server.publish("odom", new Float32Array([i]));
  await both.sync();
  expect(odom).toEqual(Array.from({ length: 100 }, (_, i) => new Float32Array([i])));
  expect(elsewhere).not.toHaveBeenCalled();
});

test("a topic the server does not have is refused with a suggestion, which nobody needs to look at", async () => {
  await using both = await pair({ topics: new Set(["odom", "map"]) });
  await both.client.subscribe("odom", () => {}).ready;
  both.client.subscribe("odometry", () => {});
  const error = await both.client.subscribe("odon", () => {}).ready.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(NoSuchTopicError);
  expect(error).toMatchObject({ message: 'No topic named "odon". Did you mean "odom"?' });
});

test("a client that makes up names of topics is refused at some point, and keeps those that it has", async () => {
  await using both = await pair();
  const names = Array.from({ length: MAX_TOPICS }, (_, n) => `topic ${n}`);
  const leave = names.map((name) => both.client.subscribe(name, () => {}));
  await Promise.all(leave.map(({ ready }) => ready));
  const error = await both.client.subscribe("one more", () => {}).ready.catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
  const seen: unknown[] = [];
  await both.client.subscribe("topic 7", (value) => seen.push(value)).ready;
  leave[0]?.();
  await both.client.subscribe("one more", () => {}).ready;
  both.server.publish("topic 7", 7);
  await both.sync();
  expect(seen).toEqual([7]);
});

test("nothing arrives after unsubscribing, which may be done twice and inside a callback", async () => {
  await using both = await pair();
  const calls: string[] = [];
  const first = both.client.subscribe("t", () => {
    calls.push("first");
    first();
    first();
    second();
  });
  const second = both.client.subscribe("t", () => calls.push("second"));
  const third = both.client.subscribe("t", () => calls.push("third"));
  await third.ready;
  both.server.publish("t", 1);
  both.server.publish("t", 2);
  await both.sync();
  third();
  both.server.publish("t", 3);
  await both.sync();
  expect(calls).toEqual(["first", "third", "third"]);
});

test("one function subscribed twice is called twice, and taken off once at a time", async () => {
  await using both = await pair();
  const callback = vi.fn();
  const off = both.client.subscribe("t", callback);
  await both.client.subscribe("t", callback).ready;
  both.server.publish("t", 1);
  await both.sync();
  off();
  both.server.publish("t", 2);
  await both.sync();
  expect(callback.mock.calls).toEqual([[1], [1], [2]]);
});

test("a callback that throws disturbs no other, and is reported", async () => {
  const onError = vi.fn();
  await using both = await pair({}, { onError });
  const calm = vi.fn();
  both.client.subscribe("t", () => {
    throw new Error("mine");
  });
  await both.client.subscribe("t", calm).ready;
  both.server.publish("t", 1);
  await both.sync();
  expect(calm).toHaveBeenCalledWith(1);
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "mine" }));
});

test("what cannot be sent is refused at the publisher, whether somebody listens or not", async () => {
  await using both = await pair();
  expect(() => both.server.publish("odom", { f: () => 1 })).toThrow("odom[1].f is a function");
});

test.each(["__proto__", "constructor", "frame", "error", "close", "rpc.event"])(
  "a topic may be called %j, and is only a name",
  async (topic) => {
    await using both = await pair();
    const callback = vi.fn();
    await both.client.subscribe(topic, callback).ready;
    both.server.publish(topic, topic);
    await both.sync();
    expect(callback).toHaveBeenCalledWith(topic);
  },
);
