import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { unixEndpoint } from "../test/endpoints.ts";
import { type CallContext, connect, type RpcHandler, type ServeOptions, serve } from "./index.ts";

const PROGRAM = fileURLToPath(new URL("../test/client-process.ts", import.meta.url));

async function startCaller(endpoint: string, method: string) {
  const child = fork(PROGRAM, [endpoint, method]);
  const kill = () => child.kill("SIGKILL");
  const caller = Object.assign(child, { [Symbol.dispose]: () => void kill() });
  await once(child, "message");
  return caller;
}

/** `hold` asks its caller for as long as it is not aborted; `wait` does not ask. */
function methods(): { readonly contexts: CallContext[]; readonly handlers: Map<string, RpcHandler> } {
  const contexts: CallContext[] = [];
  const untilAborted = (context: CallContext) => {
    contexts.push(context);
    context.progress("begun");
    return new Promise((_, reject) => context.signal.addEventListener("abort", () => reject(new Error("halted"))));
  };
  const hold: RpcHandler = (_, context) => {
    context.askCaller();
    return untilAborted(context);
  };
  return {
    contexts,
    handlers: new Map([
      ["hold", hold],
      ["wait", (_, context) => untilAborted(context)],
    ]),
  };
}

const TRANSPORTS: [string, () => ServeOptions][] = [
  ["a Unix socket", () => ({ endpoint: unixEndpoint(), token: "secret" })],
  // Without its heartbeat, which would end the connection first.
  ["TCP", () => ({ endpoint: "ws://127.0.0.1:0", token: "secret", heartbeatMs: 0 })],
];

describe.concurrent.each(TRANSPORTS)("K5 over %s", (_, options) => {
  test("a caller that is stopped is given up, and hears of it when it wakes up", async () => {
    const { contexts, handlers } = methods();
    await using server = await serve(handlers, options());
    using caller = await startCaller(server.endpoint, "hold");
    const [{ signal }] = contexts as [CallContext];
    caller.kill("SIGSTOP");
    const stoppedMs = performance.now();
    await once(signal, "abort");
    expect(performance.now() - stoppedMs).toBeGreaterThan(900);
    expect(performance.now() - stoppedMs).toBeLessThan(5_000);
    expect(signal.reason).toMatchObject({ code: "CALLER_SILENT", data: { silentMs: expect.any(Number) } });
    caller.kill("SIGCONT");
    const [heard] = await once(caller, "message");
    expect(heard).toEqual({
      code: "CALLER_SILENT",
      message: expect.stringMatching(
        /^The caller gave no sign of life for 1\.\d s, so its call was aborted and the robot was/,
      ),
    });
  });

  test("a caller that lives is asked for as long as its call wants that, and no longer", async () => {
    const asking: string[] = [];
    let stop: (() => void) | undefined;
    const hold: RpcHandler = async (__, { askCaller, signal }) => {
      stop = askCaller();
      await new Promise((resolve) => setTimeout(resolve, 2_200));
      stop();
      return signal.aborted;
    };
    await using server = await serve(new Map([["hold", hold]]), options());
    await using client = await connect(server.endpoint, { token: "secret" });
    const onAsking = () => {
      asking.push("begun");
      return () => asking.push("ended");
    };
    expect(await client.call("hold", [], { onAsking })).toBe(false);
    expect(asking).toEqual(["begun", "ended"]);
  });
});

test.concurrent("a stopped caller that moves nothing is left alone", async () => {
  const { contexts, handlers } = methods();
  await using server = await serve(handlers, { endpoint: unixEndpoint(), token: "secret" });
  using waiting = await startCaller(server.endpoint, "wait");
  using holding = await startCaller(server.endpoint, "hold");
  waiting.kill("SIGSTOP");
  holding.kill("SIGSTOP");
  const [wait, hold] = contexts.map(({ signal }) => signal) as [AbortSignal, AbortSignal];
  await once(hold, "abort");
  expect(wait.aborted).toBe(false);
});

test("a server that was busy itself does not take its caller for stopped", async () => {
  const { contexts, handlers } = methods();
  await using server = await serve(handlers, { endpoint: unixEndpoint(), token: "secret" });
  using _caller = await startCaller(server.endpoint, "hold");
  const end = performance.now() + 1_800;
  while (performance.now() < end);
  // Its timers, late as they are, come before what it has not read.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(contexts[0]?.signal.aborted).toBe(false);
});

test.concurrent("K5 a stopped caller is found while it floods the server, which therefore reads nothing of it", async () => {
  const { contexts, handlers } = methods();
  const payload = new Uint8Array(1_000_000);
  handlers.set("flood", async (_, context) => {
    context.askCaller();
    contexts.push(context);
    context.progress("begun");
    const flood = setInterval(() => context.progress(payload), 5);
    await once(context.signal, "abort");
    clearInterval(flood);
  });
  await using server = await serve(handlers, { endpoint: unixEndpoint(), token: "secret" });
  using caller = await startCaller(server.endpoint, "flood");
  caller.kill("SIGSTOP");
  await vi.waitFor(() => expect(contexts[0]?.signal.aborted).toBe(true), { timeout: 10_000 });
});
