import { Module, rpc } from "../src/index.ts";
import { Count } from "./messages.ts";

/** Busy with its first message until it is released. */
export class SlowListener extends Module({ source: import.meta.url, inputs: { count: Count } }) {
  readonly #seen: number[] = [];
  readonly #released = Promise.withResolvers<void>();

  override async start() {
    this.count.subscribe(async ({ value }) => {
      this.#seen.push(value);
      await this.#released.promise;
    });
  }

  latest = rpc(async () => this.count.latest()?.value);

  release = rpc(async () => this.#released.resolve());

  seen = rpc(async () => this.#seen);
}
