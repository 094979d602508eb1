import type { ChildProcess } from "node:child_process";
import { expect, it } from "vitest";
import { Wheels } from "../../test/latched-commands.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { rpc } from "./methods.ts";
import { Module } from "./module.ts";
import { optional, spec } from "./refs.ts";
import { testModule } from "./test-module.ts";

interface Voice {
  say(text: string): Promise<string>;
}

class Greeter extends Module({
  source: import.meta.url,
  refs: { voice: optional(spec<Voice>()("say")), ears: spec<{ hear(): Promise<string> }>()("hear") },
}) {
  greet = rpc(async () => (await this.voice?.say("hello")) ?? "nobody speaks");
  listen = rpc(async () => this.ears.hear());
}

class FailsToStop extends Module({ source: import.meta.url }) {
  readonly disposed: string[] = [];
  child: ChildProcess | undefined;

  override async start() {
    this.child = this.spawn("sleep", ["60"]);
    this.onStop(() => this.disposed.push("first"));
    this.onStop(() => this.disposed.push("second"));
  }

  override async stop() {
    throw new Error("stuck");
  }
}

it("leaves an optional reference undefined that nobody fakes, and names a required one (J1)", async () => {
  await using alone = await testModule(Greeter);
  expect(await alone.module.greet()).toBe("nobody speaks");
  await expect(alone.module.listen()).rejects.toMatchObject({ code: "REF_NOT_INJECTED" });
  await using voiced = await testModule(Greeter, { refs: { voice: { say: async (text: string) => `${text}!` } } });
  expect(await voiced.module.greet()).toBe("hello!");
});

it("refuses a fake for a reference that the module does not have (J1)", async () => {
  await expect(testModule(Greeter, { refs: { voce: {} } })).rejects.toMatchObject({
    code: "INVALID_MODULE",
    message: 'Greeter has no reference "voce". Did you mean "voice"? It has: voice, ears',
  });
  await expect(testModule(Counter, { refs: { voice: {} } })).rejects.toThrow(
    'Counter has no reference "voice". It has none',
  );
});

it("checks what it publishes into inputs, as it checks what outputs publish (J1)", async () => {
  await using listener = await testModule(Listener);
  await listener.start();
  await expect(listener.publish("count", { value: "seven" as unknown as number })).rejects.toThrow(
    /^Invalid test\/Count published into "count": value: /,
  );
  await listener.publish("count", { value: 7 });
  expect(await listener.module.values()).toEqual([7]);
  await using careless = await testModule(Listener, { validate: false });
  await careless.start();
  await careless.publish("count", { value: "seven" as unknown as number });
  expect(await careless.module.values()).toEqual(["seven"]);
});

it("ends a module whose stop() throws as a run does: disposers and child processes too, and stop() says why (J1)", async () => {
  const failing = await testModule(FailsToStop);
  await failing.start();
  const { child, disposed } = failing.module;
  const ended = new Promise((resolve) => child?.once("exit", (_, signal) => resolve(signal)));
  await expect(failing.stop()).rejects.toThrow("stuck");
  expect(disposed).toEqual(["second", "first"]);
  expect(await ended).toBe("SIGTERM");
  expect(failing.logged).toEqual(["error: FailsToStop failed to stop cleanly"]);
  await expect(failing.stop()).rejects.toThrow("stuck");
});

it("keeps an actuator's commands from it while it is stopped, and forgets those of before (J1, I5)", async () => {
  await using wheels = await testModule(Wheels);
  await wheels.start();
  await wheels.publish("goal", { x: 1 });
  await wheels.estop("a child in the way");
  await wheels.publish("goal", { x: 2 });
  await wheels.estop();
  expect(await wheels.module.state()).toEqual({ driven: [1], late: [], latest: undefined });
  await wheels.publish("goal", { x: 3 });
  expect(await wheels.module.state()).toEqual({ driven: [1, 3], late: [], latest: 3 });
});
