import type { DeepReadonly } from "@dimos/core";
import type { NavigationState } from "./navigation-messages.ts";

export const SESSION_OVER =
  "The planner, or something that it drives through or by, was lost. The robot does not go on by itself; begin again.";

/** Watches, for those who send one goal after the other, whether what drives the robot is what drove it when they began. */
export class SessionWatch {
  #session: number | undefined;

  /** @param latest what the planner said last, if anything */
  constructor(latest: DeepReadonly<NavigationState> | undefined) {
    this.#session = latest?.session;
  }

  /** Takes in what the planner says. Returns whether something was lost since the beginning. */
  isOver({ session }: DeepReadonly<NavigationState>): boolean {
    this.#session ??= session;
    return session !== this.#session;
  }
}
