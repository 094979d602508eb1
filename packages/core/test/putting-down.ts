import { appendFileSync } from "node:fs";
import { z } from "zod";
import { Module } from "../src/index.ts";

/** An actuator that does not return to its event loop while it puts the robot down. Says in a file when that is done. */
export class PuttingDown extends Module({
  source: import.meta.url,
  config: z.object({ ms: z.number(), file: z.string() }),
  actuator: true,
}) {
  override async stop() {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, this.config.ms);
    appendFileSync(this.config.file, "down");
  }
}
