import { Module, message, rpc } from "@dimos/core";
import { z } from "zod";

const Goal = message("test/Goal", z.object({ x: z.number(), label: z.string().default("unnamed") }));

/** Receives what nobody in its system publishes. */
export class Listener extends Module({ source: import.meta.url, inputs: { goal: Goal } }) {
  readonly #seen: unknown[] = [];

  override async start() {
    this.goal.subscribe((goal) => this.#seen.push(goal));
  }

  goals = rpc(async (): Promise<unknown[]> => this.#seen);
}
