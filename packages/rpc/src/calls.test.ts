import { execFileSync } from "node:child_process";
import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { unixEndpoint } from "../test/endpoints.ts";
import { testMethods } from "../test/methods.ts";
import {
  CallAbortedError,
  type CallContext,
  CallTimeoutError,
  type ConnectOptions,
  connect,
  NoSuchMethodError,
  RemoteError,
  type RpcHandler,
  type ServeOptions,
  serve,
} from "./index.ts";

async function pair(
  more: Record<string, RpcHandler> = {},
  serving: Partial<ServeOptions> = {},
  connecting: ConnectOptions = {},
) {
  const methods = new Map([...testMethods(), ...Object.entries(more)]);
  const server = await serve(methods, { endpoint: unixEndpoint(), ...serving });
  const client = await connect(server.endpoint, connecting);
  return {
    methods,
    server,
    client,
    async [Symbol.asyncDispose]() {
      expect(client.pending, "calls left pending").toBe(0);
      expect(server.stats().callsInFlight, "calls left running").toBe(0);
      await client.close();
      await server.close();
    },
  };
}

test("B1 a value comes back as it was sent, from sync and async methods", async () => {
  await using both = await pair();
  const value = {
    a: [1, undefined, Number.NaN, -0, null],
    b: new Map([["k", new Set([1n])]]),
    c: new Float32Array([1, 2]),
  };
  expect(await both.client.call("echo", [value])).toStrictEqual(value);
  expect(await both.client.call("later", [value])).toStrictEqual(value);
  expect(await both.client.call("nothing", [])).toBeUndefined();
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const got = (await both.client.call("echo", [cycle])) as typeof cycle;
  expect(got.self).toBe(got);
});

test("B1 an argument that cannot be sent is refused at the caller, a result at the method", async () => {
  const echo = vi.fn();
  await using both = await pair({ echo, bad: () => ({ onDone: () => 1 }), badLater: async () => new WeakMap() });
  await expect(both.client.call("echo", [{ onDone: () => 1 }])).rejects.toMatchObject({
    message: "args[0].onDone is a function",
  });
  expect(echo).not.toHaveBeenCalled();
  await expect(both.client.call("bad", [])).rejects.toMatchObject({
    code: "NOT_SERIALIZABLE",
    message: "result.onDone is a function",
  });
  await expect(both.client.call("badLater", [])).rejects.toMatchObject({ message: "result is an instance of WeakMap" });
});

test("B1 a thenable that a method returns is a value, and never run", async () => {
  const then = vi.fn();
  await using both = await pair({ thenable: () => ({ then }) });
  await expect(both.client.call("thenable", [])).rejects.toThrow("result.then is a function");
  expect(then).not.toHaveBeenCalled();
});

test("B2 errors arrive with name, message, code, cause and both stacks", async () => {
  const fail = () => {
    throw Object.assign(new TypeError("no", { cause: new Error("why") }), { code: "E_NO", data: new Map([["a", 1]]) });
  };
  await using both = await pair({ fail, failLater: async () => fail() });
  for (const method of ["fail", "failLater"]) {
    const error = await both.client.call(method, []).catch((error: RemoteError) => error);
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({
      name: "TypeError",
      message: "no",
      code: "E_NO",
      data: new Map([["a", 1]]),
      cause: { message: "why" },
    });
    expect((error as Error).stack).toMatch(/calls\.test\.ts.*--- in the other process ---.*calls\.test\.ts/s);
  }
});

test("B2 anything that is thrown rejects, also what cannot be sent", async () => {
  const withFunction = Object.assign(new Error("x"), { data: () => 1, cause: new Error("c") });
  await using both = await pair({ withFunction: () => Promise.reject(withFunction) });
  for (const thrown of ["x", undefined, 0, null, { a: 1 }])
    await expect(both.client.call("throw", [thrown])).rejects.toBeInstanceOf(RemoteError);
  await expect(both.client.call("withFunction", [])).rejects.toMatchObject({ message: "x", cause: { message: "c" } });
});

test("B3 an unknown method is refused at once, with a suggestion", async () => {
  await using both = await pair();
  const error = await both.client.call("ecko", []).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(NoSuchMethodError);
  expect(error).toMatchObject({ message: 'No method named "ecko". Did you mean "echo"?' });
});

test.each([
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "prototype",
  "_private",
  "#x",
  "rpc.on",
  "__listMethods",
  "frame",
  "",
])("B3 %j is no method", async (name) => {
  await using both = await pair();
  await expect(both.client.call(name, [])).rejects.toMatchObject({ code: "NO_SUCH_METHOD" });
});

test("B3 methods come and go while serving", async () => {
  await using both = await pair();
  both.methods.set("fresh", () => "new");
  expect(await both.client.call("fresh", [])).toBe("new");
  both.methods.delete("fresh");
  await expect(both.client.call("fresh", [])).rejects.toMatchObject({ code: "NO_SUCH_METHOD" });
});

test("B4 1,000 calls at once return their own answers", async () => {
  await using both = await pair();
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, i) => both.client.call(i % 2 ? "echo" : "later", [i])),
  );
  expect(answers).toEqual(Array.from({ length: 1000 }, (_, i) => i));
});

test("B4 64 calls of 1 MB at once all return", async () => {
  await using both = await pair();
  const value = new Uint8Array(1_000_000).fill(7);
  const answers = await Promise.all(Array.from({ length: 64 }, () => both.client.call("echo", [value])));
  expect(answers.every((answer) => (answer as Uint8Array).length === 1_000_000)).toBe(true);
});

test("B4 a deadline names the call and the time, and aborts the method", async () => {
  let context: CallContext | undefined;
  await using both = await pair({
    slow: (_, given) => {
      context = given;
      return new Promise((resolve) => given.signal.addEventListener("abort", resolve));
    },
  });
  const error = await both.client.call("slow", [], { timeoutMs: 50 }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(CallTimeoutError);
  expect(error).toMatchObject({ message: "slow did not answer within 50 ms", data: { method: "slow", timeoutMs: 50 } });
  expect(context?.timeoutMs).toBe(50);
  await vi.waitFor(() => expect(context?.signal.aborted).toBe(true));
});

test("the client's deadline applies to calls that name none", async () => {
  await using both = await pair({}, {}, { timeoutMs: 30 });
  await expect(both.client.call("hang", [])).rejects.toThrow("hang did not answer within 30 ms");
  expect(await both.client.call("wait", [60], { timeoutMs: Number.POSITIVE_INFINITY })).toBe("waited");
});

test("B4 deadlines longer than any timer harm neither their call nor those beside it, also when progress renews them", async () => {
  const told: (number | undefined)[] = [];
  await using both = await pair({
    move: async (_, { timeoutMs, idleTimeoutMs, progress }) => {
      told.push(timeoutMs ?? idleTimeoutMs);
      progress("half way");
      return "there";
    },
  });
  const beside = both.client.call("wait", [60]);
  for (const timeoutMs of [2 ** 31 - 1, 2 ** 31, Number.MAX_VALUE, Number.POSITIVE_INFINITY])
    for (const deadline of [{ timeoutMs }, { idleTimeoutMs: timeoutMs }])
      expect(await both.client.call("move", [], deadline)).toBe("there");
  expect(await beside).toBe("waited");
  expect(told).toEqual(Array.from({ length: 8 }, () => 2 ** 31 - 1));
});

test("A19 abort rejects at once, with the reason, and reaches the signal of the method", async () => {
  const aborted = vi.fn();
  await using both = await pair({
    move: (_, { signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve(aborted(signal.reason)))),
  });
  const controller = new AbortController();
  const call = both.client.call("move", [], { signal: controller.signal });
  await vi.waitFor(() => expect(both.server.stats().callsInFlight).toBe(1));
  controller.abort(new Error("enough"));
  const error = await call.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(CallAbortedError);
  expect(error).toMatchObject({ message: "move was aborted by its caller", cause: { message: "enough" } });
  await vi.waitFor(() => expect(aborted).toHaveBeenCalledWith(expect.objectContaining({ code: "CALL_ABORTED" })));
  await expect(both.client.call("echo", [], { signal: controller.signal })).rejects.toBeInstanceOf(CallAbortedError);
});

test("a call that has settled leaves nothing at the signal of its caller", async () => {
  await using both = await pair();
  const { signal } = new AbortController();
  await both.client.call("echo", [1], { signal });
  await both.client.call("hang", [], { signal, timeoutMs: 1 }).catch(() => {});
  await both.client.call("throw", ["x"], { signal }).catch(() => {});
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("whoever aborts a call can learn how it ended, also when it fails then", async () => {
  const interrupted =
    (settle: () => unknown) =>
    (_: readonly unknown[], { signal }: CallContext) =>
      new Promise((resolve) =>
        signal.addEventListener("abort", () => resolve(new Promise((later) => later(settle())))),
      );
  await using both = await pair({
    move: interrupted(() => ({ moved: 0.4 })),
    fall: interrupted(() => {
      throw new Error("fell over");
    }),
  });
  const outcomes: PromiseSettledResult<unknown>[] = [];
  for (const method of ["move", "fall"]) {
    const controller = new AbortController();
    const options = { signal: controller.signal, onLateOutcome: outcomes.push.bind(outcomes) };
    const call = both.client.call(method, [], options);
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: "CALL_ABORTED" });
  }
  await vi.waitFor(() => expect(outcomes).toHaveLength(2));
  expect(outcomes[0]).toEqual({ status: "fulfilled", value: { moved: 0.4 } });
  expect(outcomes[1]).toMatchObject({ status: "rejected", reason: { message: "fell over" } });
  expect(both.client.pending).toBe(0);
});

test("A19 a signal that is read only after the abort is aborted already", async () => {
  let context: CallContext | undefined;
  await using both = await pair({
    move: (_, given) => {
      context = given;
      return new Promise((resolve) => setTimeout(resolve, 30));
    },
  });
  await expect(both.client.call("move", [], { timeoutMs: 5 })).rejects.toBeInstanceOf(CallTimeoutError);
  await vi.waitFor(() => expect(both.server.stats().callsInFlight).toBe(0));
  expect(context?.signal.aborted).toBe(true);
});

test("A19 progress arrives in order and before the answer", async () => {
  await using both = await pair({
    count: async (_, { progress }) => {
      for (let i = 0; i < 100; i++) progress(i);
      return "done";
    },
  });
  const seen: unknown[] = [];
  seen.push(await both.client.call("count", [], { onProgress: (value) => seen.push(value) }));
  expect(seen).toEqual([...Array.from({ length: 100 }, (_, i) => i), "done"]);
});

test("A19 K6 progress renews the time without progress, and never the caller's own deadline", async () => {
  await using both = await pair({
    walk: async (_, { progress, signal }) => {
      for (let i = 0; i < 12 && !signal.aborted; i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        progress(i);
      }
      return "there";
    },
  });
  // The walk takes longer than the deadline, and each step a tenth of it.
  const onProgress = () => {};
  const walks = [{ idleTimeoutMs: 500 }, { timeoutMs: 500 }, { timeoutMs: 500, onProgress }].map((deadline) =>
    both.client.call("walk", [], deadline),
  );
  walks.push(both.client.call("walk", [], { timeoutMs: 500, idleTimeoutMs: 400, onProgress }));
  const late = {
    status: "rejected",
    reason: expect.objectContaining({ code: "CALL_TIMEOUT", data: { method: "walk", timeoutMs: 500 } }),
  };
  expect(await Promise.allSettled(walks)).toEqual([{ status: "fulfilled", value: "there" }, late, late, late]);
  await vi.waitFor(() => expect(both.server.stats().callsInFlight).toBe(0));
});

test("progress after the answer, and progress that cannot be sent, disturb nobody", async () => {
  let report: ((value: unknown) => void) | undefined;
  await using both = await pair({
    keep: (_, { progress }) => {
      report = progress;
      expect(() => progress(() => 1)).toThrow("progress[1] is a function");
      return 1;
    },
  });
  const onProgress = vi.fn();
  expect(await both.client.call("keep", [], { onProgress })).toBe(1);
  report?.("late");
  expect(await both.client.call("echo", [2])).toBe(2);
  expect(onProgress).not.toHaveBeenCalled();
});

test("what a progress callback throws is reported, and the call goes on", async () => {
  const onError = vi.fn();
  await using both = await pair({ work: (_, { progress }) => progress(1) }, {}, { onError });
  const onProgress = () => {
    throw new Error("mine");
  };
  expect(await both.client.call("work", [], { onProgress })).toBeUndefined();
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "mine" }));
});

test("B7 calls that call back do not deadlock", async () => {
  await using inner = await pair();
  await using outer = await pair({
    down: async (args) => ((args[0] as number) === 0 ? "bottom" : outer.client.call("down", [(args[0] as number) - 1])),
    across: () => inner.client.call("echo", ["across"]),
  });
  expect(await outer.client.call("down", [400])).toBe("bottom");
  expect(await outer.client.call("across", [])).toBe("across");
});

test("a notification runs the method and is answered by nothing; its error goes to the owner of the server", async () => {
  const note = vi.fn();
  const onError = vi.fn();
  await using both = await pair({ note: (args) => note(args[0]) }, { onError });
  both.client.notify("note", ["hello"]);
  both.client.notify("throw", ["x"]);
  both.client.notify("unknown", []);
  expect(() => both.client.notify("note", [() => 1])).toThrow("args[0] is a function");
  await both.client.call("echo", []);
  expect(note).toHaveBeenCalledWith("hello");
  await vi.waitFor(() => expect(onError.mock.calls.map(([, method]) => method)).toEqual(["unknown", "throw"]));
});

test("each connection has an id that the client did not choose", async () => {
  await using both = await pair({ id: (_, { clientId }) => clientId });
  await using other = await connect(both.server.endpoint);
  const ids = [await both.client.call("id", []), await both.client.call("id", []), await other.call("id", [])];
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
});

test("importing the package loads neither library", async () => {
  const index = new URL("./index.ts", import.meta.url).href;
  const program = `
    const before = new Set(process.moduleLoadList);
    await import(${JSON.stringify(index)});
    console.log(process.moduleLoadList.filter((name) => !before.has(name) && /(http|tls|crypto)$/.test(name)));`;
  const loaded = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  expect(loaded.trim()).toBe("[]");
});
