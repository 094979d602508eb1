import { z } from "zod";
import { Module, message, rpc, skill } from "../src/index.ts";
import { Walker } from "./moving.ts";

const Call = message("test/Call", z.object({}));

/** Walks whenever it hears something, of its own accord. */
export class Listener extends Module({ source: import.meta.url, inputs: { call: Call }, refs: { legs: Walker } }) {
  heard = 0;
  walked = 0;

  override async start() {
    this.call.subscribe(async () => {
      this.heard++;
      await this.legs.walk();
      this.walked++;
    });
  }

  state = rpc(async () => ({ heard: this.heard, walked: this.walked }));
}

/** Says something while it holds movement, and returns what had come of that when somebody had heard it. */
export class Announcer extends Module({
  source: import.meta.url,
  outputs: { call: Call },
  refs: { listener: Listener },
}) {
  announce = skill({ description: "Announces.", uses: ["movement"] }, async () => {
    await this.call.publish({});
    while ((await this.listener.state()).heard === 0) await this.clock.sleep(10);
    // A walk takes a few milliseconds.
    await this.clock.sleep(200);
    return this.listener.state();
  });
}
