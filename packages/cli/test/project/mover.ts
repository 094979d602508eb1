import { Module, message, rpc, skill } from "@dimos/core";
import { z } from "zod";

/** Moves until it is aborted. */
export class Mover extends Module({ source: import.meta.url }) {
  aborted = 0;

  walk = skill(
    { description: "Walks until it is aborted.", uses: ["movement"] },
    async (_input, { signal, progress }) => {
      progress("walking");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      this.aborted++;
      signal.throwIfAborted();
    },
  );
}

const Push = message("test/Push", z.object({ by: z.number() }));

export class Legs extends Module({ source: import.meta.url, inputs: { push: Push }, actuator: true }) {
  stand = rpc(async () => true);
}
