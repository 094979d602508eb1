import { expect, it } from "vitest";
import { Wheels } from "../../test/latched-commands.ts";
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

it("leaves an optional reference undefined that nobody fakes, and names a required one (J1)", async () => {
  await using alone = await testModule(Greeter);
  expect(await alone.module.greet()).toBe("nobody speaks");
  await expect(alone.module.listen()).rejects.toMatchObject({ code: "REF_NOT_INJECTED" });
  await using voiced = await testModule(Greeter, { refs: { voice: { say: async (text: string) => `${text}!` } } });
  expect(await voiced.module.greet()).toBe("hello!");
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
