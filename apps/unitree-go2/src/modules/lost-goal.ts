import type { DeepReadonly } from "@dimos/core";
import type { NavigationState } from "./navigation-messages.ts";

/**
 * So many states in a row that are of no goal, or of another one, and the planner has lost it: 1.5 s. A goal that has
 * ended is told of right after the last state that is of it.
 */
const LOST_STATES = 15;

export const LOST_GOAL =
  "ReplanningAStarPlanner has lost the goal: it was started again on the way. The robot stops; ask again.";

/** Watches whether the planner still drives to a goal. One that was killed and started anew knows nothing of it. */
export class LostGoalWatch {
  #others = 0;

  /** Takes in what the planner does. Returns whether it has lost the goal that `isOf` knows. */
  isLost(state: DeepReadonly<NavigationState>, isOf: (state: DeepReadonly<NavigationState>) => boolean): boolean {
    this.#others = isOf(state) ? 0 : this.#others + 1;
    return this.#others >= LOST_STATES;
  }
}

/** Why a call to the planner failed, when that is because its worker has ended; undefined when it is not. */
export function plannerLoss(error: unknown): string | undefined {
  if ((error as { readonly code?: unknown }).code !== "WORKER_EXITED") return undefined;
  return `ReplanningAStarPlanner was lost: ${(error as Error).message}. The robot stops; ask again.`;
}
