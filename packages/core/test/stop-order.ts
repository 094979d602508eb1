import { appendFileSync } from "node:fs";
import { z } from "zod";
import { Module } from "../src/index.ts";

const config = z.object({ file: z.string() });

/** What the others refer to. Says when it stops, in a file. */
export class Base extends Module({ source: import.meta.url, config }) {
  override async stop() {
    appendFileSync(this.config.file, "Base ");
  }
}

export class Middle extends Module({ source: import.meta.url, config, refs: { base: Base } }) {
  override async stop() {
    await this.clock.sleep(20).catch(() => undefined);
    appendFileSync(this.config.file, "Middle ");
  }
}

/** Starts after the others, and fails. */
export class Last extends Module({ source: import.meta.url, refs: { middle: Middle } }) {
  override async start() {
    throw new Error("the last one fails");
  }
}
