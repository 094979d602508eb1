import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type Blueprint,
  type DeepReadonly,
  type In,
  Module,
  message,
  type Out,
  optional,
  rpc,
  skill,
  spec,
} from "../src/index.ts";

interface Scan {
  ranges: number[];
}

const ScanMessage = message("test/Scan", z.object({ ranges: z.array(z.number()) }));

class Arm extends Module({ source: import.meta.url }) {
  fold = rpc(async (speed: number): Promise<boolean> => speed > 0);
}

interface Speech {
  say(text: string): Promise<void>;
}

// Declared only to be checked: nothing constructs it.
class Guard extends Module({
  source: import.meta.url,
  config: z.object({ stopAt: z.number().default(0.3), label: z.string().optional() }),
  inputs: { scan: ScanMessage },
  outputs: { nearest: ScanMessage },
  refs: { arm: Arm, speech: optional(spec<Speech>()("say")) },
}) {
  types() {
    expectTypeOf(this.config.stopAt).toEqualTypeOf<number>();
    expectTypeOf(this.config.label).toEqualTypeOf<string | undefined>();
    expectTypeOf(this.scan).toEqualTypeOf<In<Scan>>();
    expectTypeOf(this.nearest).toEqualTypeOf<Out<Scan>>();
    expectTypeOf(this.scan.latest()).toEqualTypeOf<DeepReadonly<Scan> | undefined>();
    expectTypeOf(this.arm.fold(1)).toEqualTypeOf<Promise<boolean>>();
    expectTypeOf(this.speech?.say("hello")).toEqualTypeOf<Promise<void> | undefined>();

    // @ts-expect-error a text is no range
    this.nearest.publish({ ranges: ["near"] });
    // @ts-expect-error an input publishes nothing
    this.scan.publish({ ranges: [] });
    // @ts-expect-error the speed is a number
    this.arm.fold("fast");
    // @ts-expect-error the life of a module is the coordinator's
    this.arm.stop();
    // @ts-expect-error nobody may be there to speak
    this.speech.say("hello");
    // @ts-expect-error there is no such setting
    this.config.stopsAt;
  }

  look = skill(
    { description: "Looks.", input: z.object({ degrees: z.number().default(0), mode: z.enum(["near", "far"]) }) },
    (input, { signal }) => {
      expectTypeOf(input).toEqualTypeOf<{ degrees: number; mode: "near" | "far" }>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return { seen: input.degrees };
    },
  );

  rest = skill({ description: "Rests." }, () => "rested");
}

async function types(guard: Guard) {
  expectTypeOf(guard.look({ mode: "far" })).toEqualTypeOf<Promise<{ seen: number }>>();
  expectTypeOf(guard.rest()).toEqualTypeOf<Promise<string>>();
  expectTypeOf(Guard.blueprint({ stopAt: 0.5 })).toEqualTypeOf<Blueprint>();

  // @ts-expect-error one of two words
  guard.look({ mode: "up" });
  // @ts-expect-error the mode has no default
  guard.look();
  // @ts-expect-error it takes nothing
  guard.rest({ long: true });
  // @ts-expect-error the distance is a number
  Guard.blueprint({ stopAt: "close" });
  // @ts-expect-error a spec needs methods of its type
  spec<Speech>()("sing");
}

test("J3 ports, settings, references, skills and blueprints are typed by their declarations", () => {
  expectTypeOf(types).toBeFunction();
});
