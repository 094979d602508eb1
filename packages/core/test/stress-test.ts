import { z } from "zod";
import { Module, skill } from "../src/index.ts";

/** The common fixture of BEHAVIOURS.md. */
export class StressTest extends Module({ source: import.meta.url }) {
  _depth = { _answer: 42, list: [1, 2, 3] };

  echo = skill({ description: "Says it back.", input: z.object({ message: z.string() }) }, ({ message }) => message);

  ping = skill({ description: "Answers pong." }, () => "pong");

  slow = skill(
    { description: "Takes its time.", input: z.object({ seconds: z.number().default(1) }) },
    async ({ seconds }, { signal, progress }) => {
      progress({ left: seconds });
      await this.clock.sleep(seconds * 1000, { signal });
      return seconds;
    },
  );

  info = skill({ description: "Where it runs." }, () => ({ pid: process.pid, module: this.instanceName }));
}
