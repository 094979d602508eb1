import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Module, message, rpc, skill } from "@dimos/core";
import { z } from "zod";

const Said = message("std_msgs/String", z.object({ data: z.string() }));

/** 1 × 1 pixel. */
export const PIXEL = Uint8Array.from(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
);

/** A robot whose skills do what agents have to cope with. */
export class Robot extends Module({ source: import.meta.url }) {
  reason = "";
  #arrive = () => {};

  move = skill(
    {
      description: "Moves forward.",
      input: z.object({ forward: z.number().describe("metres"), slowly: z.boolean().default(false) }),
      uses: ["movement"],
    },
    async ({ forward, slowly }, { signal, progress }) => {
      progress({ distanceLeft: forward });
      if (!slowly) return { status: "reached", moved: forward, track: new Float32Array(50_000).fill(1) };
      await new Promise<void>((resolve) => {
        this.#arrive = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      if (!signal.aborted) return { status: "reached", moved: forward };
      this.reason = String(signal.reason);
      return { status: "cancelled", moved: 0.25 };
    },
  );

  look = skill({ description: "A picture." }, () => ({ mimeType: "image/png", data: PIXEL }));

  fall = skill({ description: "Falls." }, () => {
    throw new Error("The robot fell over. Stand it up");
  });

  /** Ends a slow move, where it was going to. */
  arrive = rpc(async () => this.#arrive());

  abortedBecause = rpc(async () => this.reason);

  /** Of the worker that this module is in. */
  collectGarbage = rpc(async () => {
    setFlagsFromString("--expose-gc");
    (runInNewContext("gc") as () => void)();
  });
}

/** Its skills take what is hard to tell an agent. */
export class Artist extends Module({ source: import.meta.url }) {
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

  remind = skill({ description: "Reminds.", input: z.object({ at: z.date() }) }, ({ at }) => at);
}

/** Another instance of the same skills, under a name of its own. */
export class Camera extends Module({ source: import.meta.url }) {
  zoom = skill({ description: "Zooms.", lifecycle: "background" }, () => undefined);
}

export class Listener extends Module({ source: import.meta.url, inputs: { humanInput: Said } }) {
  heard: string[] = [];

  override async start() {
    this.humanInput.subscribe(({ data }) => void this.heard.push(data));
  }

  said = rpc(async () => this.heard);
}
