import { expect, test } from "vitest";
import { unixEndpoint } from "../test/endpoints.ts";
import { testMethods } from "../test/methods.ts";
import { connect, type RpcClient, serve } from "./index.ts";

// biome-ignore lint/suspicious/noExplicitAny: programs without types are what this is about
type Untyped = any;

const refused: readonly [string, (client: Untyped) => unknown, string][] = [
  ["no arguments", (client) => client.call("echo"), "the arguments of echo must be an array, got undefined"],
  ["a text", (client) => client.call("echo", "hi"), 'the arguments of echo must be an array, got "hi"'],
  ["a map", (client) => client.call("echo", new Map()), "the arguments of echo must be an array, got an object (Map)"],
  ["a method 5", (client) => client.call(5, []), "the name of a method must be a string, got 5"],
  [
    "a name of the protocol",
    (client) => client.call("rpc.subscribe", [{}]),
    'the name of a method must be none of the protocol\'s, got "rpc.subscribe"',
  ],
  [
    "a deadline NaN",
    (client) => client.call("echo", [], { timeoutMs: Number.NaN }),
    "timeoutMs must be a number of milliseconds, or Infinity, got NaN",
  ],
  [
    "a deadline in words",
    (client) => client.call("echo", [], { timeoutMs: "1 s" }),
    'timeoutMs must be a number of milliseconds, or Infinity, got "1 s"',
  ],
  [
    "no signal",
    (client) => client.call("hang", [], { signal: {}, timeoutMs: 1 }),
    "signal must be an AbortSignal, got an object (Object)",
  ],
  ["no function", (client) => client.call("echo", [], { onProgress: 1 }), "onProgress must be a function, got 1"],
  ["no options", (client) => client.call("echo", [], null), "the options of a call must be an object, got null"],
  ["a notification of a text", async (client) => client.notify("echo", "hi"), "the arguments of echo must be an array"],
  ["a topic 5", async (client) => client.subscribe(5, () => {}), "a topic must be a string, got 5"],
  ["no subscriber", async (client) => client.subscribe("odom"), "a subscriber must be a function, got undefined"],
];

test.each(refused)("B5 %s is refused at its caller, and the calls of others go on", async (_, ask, message) => {
  await using server = await serve(testMethods(), { endpoint: unixEndpoint() });
  await using client = await connect(server.endpoint);
  const other = client.call("wait", [20]);
  const error = await Promise.resolve(ask(client)).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining(message) });
  expect(await other).toBe("waited");
  expect([client.state, client.pending]).toEqual(["open", 0]);
});

test.each([2 ** 31, 1e12, Number.POSITIVE_INFINITY])(
  "B4 a deadline of %d ms is as long as a timer takes, on both sides",
  async (timeoutMs) => {
    const methods = testMethods().set("deadline", (_, context) => context.timeoutMs);
    await using server = await serve(methods, { endpoint: unixEndpoint() });
    await using client: RpcClient = await connect(server.endpoint);
    expect(await client.call("deadline", [], { timeoutMs })).toBe(2 ** 31 - 1);
    expect(await client.call("wait", [20], { timeoutMs })).toBe("waited");
  },
);

test("B4 a deadline that is over already rejects", async () => {
  await using server = await serve(testMethods(), { endpoint: unixEndpoint() });
  await using client = await connect(server.endpoint);
  for (const timeoutMs of [0, -5])
    await expect(client.call("hang", [], { timeoutMs })).rejects.toMatchObject({ code: "CALL_TIMEOUT" });
});

test("B3 methods in a plain object are not served: names would be found that nobody declared", async () => {
  const methods = { echo: () => 1 } as Untyped;
  const message = "the methods to serve must be a Map of functions, got an object (Object)";
  await expect(serve(methods, { endpoint: unixEndpoint() })).rejects.toThrow(message);
  const limitedTokens = [{ token: "less", methods }];
  await expect(serve(new Map(), { endpoint: unixEndpoint(), token: "all", limitedTokens })).rejects.toThrow(message);
});

test("B5 a topic that is none is refused at its publisher", async () => {
  await using server = await serve(testMethods(), { endpoint: unixEndpoint() });
  expect(() => server.publish(5 as Untyped, 1)).toThrow("a topic must be a string, got 5");
});
