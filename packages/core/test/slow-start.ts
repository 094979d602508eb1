import { Module } from "../src/index.ts";

/** Starts for as long as it is let. */
export class SlowStart extends Module({ source: import.meta.url }) {
  override async start() {
    await this.clock.sleep(60_000, { signal: this.signal });
  }
}

/** Stops for as long as it is let. */
export class SlowStop extends Module({ source: import.meta.url }) {
  override stop() {
    return new Promise<void>(() => {});
  }
}
