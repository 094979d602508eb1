import { Module, rpc, skill } from "@dimos/core";
import { z } from "zod";

/** A skill call that has begun. */
export interface Begun {
  readonly skill: string;
  readonly input: unknown;
}

/** A robot without wheels: it notes what is asked of it, and moves when it is told to. */
export class Robot extends Module({ source: import.meta.url }) {
  readonly #begun: Begun[] = [];
  readonly #aborted: string[] = [];
  #arrivals: (() => void)[] = [];

  /** What was called, in order. */
  begun = rpc(async (): Promise<readonly Begun[]> => this.#begun);

  /** Which calls were aborted. */
  aborted = rpc(async (): Promise<readonly string[]> => this.#aborted);

  /** Lets every move that is longer than 10 m arrive. */
  arrive = rpc(async (): Promise<void> => {
    for (const arrive of this.#arrivals) arrive();
    this.#arrivals = [];
  });

  relativeMove = skill(
    {
      description: "Moves.",
      input: z.object({
        forward: z.number().default(0),
        left: z.number().default(0),
        degrees: z.number().max(1080).default(0),
      }),
      uses: ["movement"],
    },
    async (input, { signal, progress }) => {
      this.#begun.push({ skill: "relativeMove", input });
      progress({ distanceLeft: input.forward });
      if (input.forward > 10) await this.#arrival(signal, "relativeMove");
      if (input.left > 10) return await this.#untilAborted(signal);
      if (input.forward === 9)
        return { status: "blocked", moved: 1.2, turnedDegrees: 0, error: "A wall is in the way." };
      return { status: "reached", moved: Math.abs(input.forward + input.left), turnedDegrees: input.degrees };
    },
  );

  navigateTo = skill({ description: "Goes.", input: z.object({ x: z.number(), y: z.number() }) }, async (input) => {
    this.#begun.push({ skill: "navigateTo", input });
    return { status: "reached", moved: 3, distanceLeft: 0.1 };
  });

  stopMovement = skill({ description: "Halts." }, async () => {
    this.#begun.push({ skill: "stopMovement", input: {} });
    return { hadGoal: false, status: "stopped" };
  });

  observe = skill({ description: "Takes a picture." }, async () => {
    const data = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, ...new Uint8Array(2000)]);
    return { mimeType: "image/png" as const, data, width: 64, height: 36 };
  });

  batteryStateOfCharge = skill({ description: "The battery." }, async () => ({ percent: 87.4, voltage: 29.13 }));

  breaks = skill({ description: "Breaks." }, async () => {
    throw new Error("The gripper is stuck.");
  });

  /** As a real robot does: it says how far it came. */
  async #untilAborted(signal: AbortSignal) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return { status: "cancelled", moved: 1.618, turnedDegrees: 0, distanceLeft: 9.4, degreesLeft: 40 };
  }

  async #arrival(signal: AbortSignal, name: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#arrivals.push(resolve);
      signal.addEventListener("abort", () => {
        this.#aborted.push(name);
        reject(signal.reason);
      });
    });
  }
}

/** Takes a moment to halt, and does not when it is aborted. */
export class SlowToHalt extends Module({ source: import.meta.url }) {
  #isHalted = false;

  isHalted = rpc(async () => this.#isHalted);

  stopMovement = skill({ description: "Halts." }, async (_input, { signal, progress }) => {
    progress({ halting: true });
    await this.clock.sleep(100, { signal });
    this.#isHalted = true;
  });
}

/** Explores until it is told to stop. */
export class Explorer extends Module({ source: import.meta.url }) {
  beginExploration = skill(
    { description: "Explores.", uses: ["movement"], lifecycle: "background", endedBy: "beDone" },
    (_input, { accept }) =>
      accept({ status: "exploring" }, async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      }),
  );

  beDone = skill({ description: "Ends the exploration." }, async () => {
    await this.beginExploration.end(new Error("It was ended."));
  });
}
