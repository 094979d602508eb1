import { Module, message, rpc, skill } from "@dimos/core";
import { z } from "zod";

/** Moves until it is aborted, and reports progress all the time. */
export class Mover extends Module({ source: import.meta.url }) {
  aborted = 0;

  walk = skill(
    { description: "Walks until it is aborted.", uses: ["movement"] },
    async (_input, { signal, progress }) => {
      progress("walking");
      const report = setInterval(() => progress("walking"), 100);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      clearInterval(report);
      this.aborted++;
      signal.throwIfAborted();
    },
  );
}

const Push = message("test/Push", z.object({ by: z.number() }));

export class Legs extends Module({ source: import.meta.url, inputs: { push: Push }, actuator: true }) {
  stand = rpc(async () => true);
}
