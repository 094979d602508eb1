import { expect, it } from "vitest";
import { ServerProcess } from "../test/server-process.ts";
import { Twin } from "../test/stress-test.ts";
import { Dimos, type OutgoingCall } from "./index.ts";

it("every call, publication and load of a connection passes its interceptor, and an emergency stop does not", async () => {
  await using _server = await ServerProcess.start();
  const seen: string[] = [];
  const intercept = ({ kind, name, make }: OutgoingCall) => {
    seen.push(`${kind}: ${name}`);
    return make();
  };
  await using app = await Dimos.connect({ intercept });
  expect(await app.skills.ping()).toBe("pong");
  expect(await app.StressTest.add(1, 2)).toBe(3);
  expect(await app.call("StressTest.add", [3, 4])).toBe(7);
  expect(await app.StressTest._deep._answer).toBe(42);
  expect((await app.run(Twin)).modules).toEqual(["Twin"]);
  await app.publish("tick", { value: 1 });
  await app.estop("test");
  await app.resetEstop();
  expect(seen).toEqual([
    "method: StressTest.ping",
    "method: StressTest.add",
    "method: StressTest.add",
    "method: StressTest._deep._answer",
    "run: run modules",
    "publish: publish tick",
  ]);
});

it("an interceptor aborts a call beside its caller's own signal, and both hear how it ended", async () => {
  await using _server = await ServerProcess.start();
  let own = new AbortController();
  const ended: unknown[] = [];
  const late = Promise.withResolvers<void>();
  const intercept = ({ make }: OutgoingCall) =>
    make({ signal: own.signal, onLateOutcome: ({ status }) => ended.push(["interceptor", status]) });
  await using app = await Dimos.connect({ intercept });
  const signal = new AbortController().signal;
  const onLateOutcome = ({ status }: PromiseSettledResult<unknown>) => {
    ended.push(["caller", status]);
    late.resolve();
  };
  const onProgress = () => own.abort();
  const slow = app.call("StressTest.slow", [{ seconds: 60 }], { signal, onProgress, onLateOutcome });
  await expect(slow).rejects.toMatchObject({ code: "CALL_ABORTED" });
  await late.promise;
  expect(ended).toEqual([
    ["caller", "rejected"],
    ["interceptor", "rejected"],
  ]);
  own = new AbortController();
  const caller = new AbortController();
  const aborted = { signal: caller.signal, onProgress: () => caller.abort(), onLateOutcome, timeoutMs: 30_000 };
  await expect(app.call("StressTest.slow", [{ seconds: 60 }], aborted)).rejects.toMatchObject({ code: "CALL_ABORTED" });
});
