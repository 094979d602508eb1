import { Module } from "@dimos/core";

/** Takes its time to start, so that something can happen meanwhile. */
export class SlowLoad extends Module({ source: import.meta.url }) {
  override async start() {
    await this.clock.sleep(6_000, { signal: this.signal });
  }
}
