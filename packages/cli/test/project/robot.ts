import { Module, message, rpc, skill } from "@dimos/core";
import { z } from "zod";

const Tick = message("test/Tick", z.object({ n: z.number(), pixels: z.instanceof(Uint8Array) }));

const Goal = message(
  "test/Goal",
  z.object({ at: z.object({ x: z.number(), y: z.number().default(0) }), label: z.string().default("") }),
);

class Arm {
  joints = [0.5, Number.NaN];
  name = "left";

  fold(degrees: number): string {
    return `${this.name} folded to ${degrees}`;
  }
}

/** A robot for the commands that use one. */
export class Robot extends Module({ source: import.meta.url, inputs: { goal: Goal }, outputs: { tick: Tick } }) {
  _arm = new Arm();
  /** Calls of `wait` that are under way, and that were aborted. */
  waiting = 0;
  aborted = 0;

  readonly #goals: unknown[] = [];

  override async start() {
    this.goal.subscribe((goal) => this.#goals.push(goal));
    let n = 0;
    this.clock.interval(20, () => void this.tick.publish({ n: n++, pixels: new Uint8Array(100) }));
  }

  add = rpc(async (a: number, b: number) => a + b);
  echo = rpc(async (value: unknown) => value);
  goals = rpc(async () => this.#goals);
  fails = rpc(async () => {
    throw Object.assign(new Error("no such gripper"), { code: "NO_SUCH_MODULE" });
  });

  move = skill(
    {
      description: "Moves forward.",
      input: z.object({ forward: z.number().describe("metres"), wall: z.boolean().default(false) }),
    },
    async ({ forward, wall }, { progress }) => {
      progress({ moved: forward / 2 });
      return wall ? { status: "blocked", moved: 0 } : { status: "reached", moved: forward };
    },
  );

  draw = skill(
    {
      description: "Draws.",
      input: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("circle"), radius: z.number() }),
        z.object({ kind: z.literal("line"), to: z.object({ x: z.number(), y: z.number() }) }),
      ]),
    },
    (shape) => shape,
  );

  remind = skill({ description: "Reminds.", input: z.object({ at: z.date() }) }, () => "never");

  wait = skill({ description: "Waits until it is aborted." }, async (_input, { signal, progress }) => {
    this.waiting++;
    progress("waiting");
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    this.waiting--;
    this.aborted++;
  });
}
