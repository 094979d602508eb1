import type { Remote } from "@dimos/rpc";
import { expectTypeOf, test } from "vitest";
import type { Dimos, RunHandle } from "../src/index.ts";
import { StressTest } from "./stress-test.ts";

// Never run: the compiler is what is tested. No blueprint package has told its types to this program.
async function untyped(app: Dimos) {
  expectTypeOf(app.AnyModule).toBeAny();
  expectTypeOf(app.skills.anySkill).toBeAny();
  expectTypeOf(app.modules.AnyModule).toBeAny();
  expectTypeOf(app.getModule("AnyModule")).toBeAny();
  expectTypeOf(await app.AnyModule._deep.path).toBeAny();
  expectTypeOf(app.run("any-blueprint")).toEqualTypeOf<Promise<RunHandle>>();
  expectTypeOf(app.isRunning).toEqualTypeOf<boolean>();
}

async function byClass(app: Dimos) {
  const module = app.getModule(StressTest);
  expectTypeOf(module.echo({ message: "hi" })).toEqualTypeOf<Promise<string>>();
  expectTypeOf(module.ping()).toEqualTypeOf<Promise<string>>();
  expectTypeOf(module.slow({}, { signal: AbortSignal.timeout(10), timeoutMs: 10 })).toEqualTypeOf<Promise<number>>();
  expectTypeOf(module.add(1, 2)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(module.emit(1)).toEqualTypeOf<Promise<void>>();
  expectTypeOf(await module._deep._answer).toEqualTypeOf<number>();
  expectTypeOf(await module._deep.gripper.force).toEqualTypeOf<number>();
  expectTypeOf(await module._deep.list[0]).toEqualTypeOf<number | undefined>();

  // @ts-expect-error the message is missing
  module.echo({});
  // @ts-expect-error it takes an input
  module.echo();
  // @ts-expect-error a number is no text
  module.echo({ message: 1 });
  // @ts-expect-error there is no such argument
  module.slow({ second: 1 });
  // @ts-expect-error two numbers
  module.add(1);
  // @ts-expect-error there is no such method
  module.pin();
  // @ts-expect-error there is no such property
  module._deep._anwser;
  // @ts-expect-error handles are read-only
  module._deep._answer = 1;
  // @ts-expect-error the life of a module is the coordinator's
  module.stop();
}

test("J3 without types every name is allowed", () => {
  expectTypeOf(untyped).toBeFunction();
});

test("J3 a handle by class has the class's methods, arguments and results", () => {
  expectTypeOf(byClass).toBeFunction();
  expectTypeOf<Remote<unknown>>().not.toBeAny();
});
