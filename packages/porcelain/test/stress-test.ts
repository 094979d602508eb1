import { Module, message, rpc, skill } from "@dimos/core";
import { z } from "zod";

const Count = message("test/Count", z.object({ value: z.number() }));

class Gripper {
  width = 0.08;
  #force = 12;

  get force(): number {
    return this.#force;
  }

  open(): string {
    return `opened to ${this.width}`;
  }
}

/** The common fixture of BEHAVIOURS.md. */
export class StressTest extends Module({ source: import.meta.url, outputs: { tick: Count } }) {
  _deep = { _answer: 42, list: [1, 2, 3], nothing: null, gripper: new Gripper() };

  echo = skill({ description: "Says it back.", input: z.object({ message: z.string() }) }, ({ message: text }) => text);

  ping = skill({ description: "Answers pong." }, () => "pong");

  slow = skill(
    { description: "Takes its time.", input: z.object({ seconds: z.number().default(1) }) },
    async ({ seconds }, { signal, progress }) => {
      progress({ left: seconds });
      await this.clock.sleep(seconds * 1000, { signal });
      progress({ left: 0 });
      return seconds;
    },
  );

  info = skill({ description: "Where it runs." }, () => ({ pid: process.pid, module: this.instanceName }));

  add = rpc(async (a: number, b: number): Promise<number> => a + b);

  emit = rpc(async (value: number): Promise<void> => {
    await this.tick.publish({ value });
  });

  fail = rpc(async (): Promise<never> => {
    throw new RangeError("out of reach", { cause: new Error("arm too short") });
  });
}

export class Twin extends Module({ source: import.meta.url }) {
  ping = skill({ description: "Answers as well." }, () => "pong from Twin");
}

/** Its skills take what is hard to tell an agent. */
export class Odd extends Module({ source: import.meta.url }) {
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

  whatNeedsManyWordsToBeNamedAsItDoesSoManyThingsThatNobodyElseDoesAnywhere = skill(
    { description: "Has a long name." },
    () => "long",
  );
}

/** Keeps the event loop of its worker to itself. */
export class Blocker extends Module({ source: import.meta.url }) {
  block = rpc(async (ms: number): Promise<void> => {
    const untilMs = performance.now() + ms;
    while (performance.now() < untilMs);
  });
}

export class NeverStarts extends Module({ source: import.meta.url }) {
  override async start() {
    await new Promise(() => {});
  }
}

export class BreaksInStart extends Module({ source: import.meta.url }) {
  override async start() {
    throw new Error("no gripper");
  }
}

/** Named like a member of `Dimos`. */
export class Reserved extends Module({ source: import.meta.url, name: "skills" }) {}
