import { Module, rpc, skill } from "@dimos/core";

const DECLARED_MS = 100;

/** Takes longer than it says that it does. */
export class Slow extends Module({ source: import.meta.url }) {
  walk = skill({ description: "Walks.", timeoutMs: DECLARED_MS }, (_input, { signal }) => this.#take(signal));

  turn = rpc(() => this.#take(), { timeoutMs: DECLARED_MS });

  async #take(signal?: AbortSignal): Promise<string> {
    await this.clock.sleep(4 * DECLARED_MS, signal === undefined ? {} : { signal });
    return "done";
  }
}
