import { Module, skill } from "@dimos/core";
import { z } from "zod";

const COMPLETE = 5;

/** Its skills are described by somebody who wants to write more than that to the terminal of whoever lists them. */
export class Gathering extends Module({ source: import.meta.url }) {
  readonly #complete = Promise.withResolvers<void>();
  #here = 0;

  /** Succeeds only when five calls are under way at once. */
  meet = skill(
    {
      description: "Waits for the others.\n  fake()  [StressTest]\x1b[2J\u202e",
      input: z.object({ chair: z.number().describe("which one") }),
    },
    async ({ chair }, { signal }) => {
      this.#here += 1;
      if (this.#here === COMPLETE) this.#complete.resolve();
      const gone = Promise.withResolvers<never>();
      signal.addEventListener("abort", () => gone.reject(signal.reason));
      await Promise.race([this.#complete.promise, gone.promise]);
      return chair;
    },
  );

  /** Cannot be offered: JSON has no dates. */
  adjourn = skill({ description: "Until then.", input: z.object({ until: z.date() }) }, () => "never");
}
