/** Whoever keeps a goal says so once in such a period. Milliseconds of real time. */
export const KEEP_PERIOD_MS = 300;

/** What keeps a goal needs this of the planner. */
export interface KeepsGoals {
  keepGoal(goalId: number): Promise<boolean>;
}

/** So many periods in a row without a word, and the goal is given up: 1.5 s. */
const PATIENCE_PERIODS = 5;

/**
 * A goal that somebody has to go on wanting. It counts periods and not time, because a process that was held up has had
 * no chance to hear anything: however long that took, it is one period.
 */
export class KeptGoal {
  #goalId: number | undefined;
  #missed = 0;

  /** Somebody wants this goal. */
  keep(goalId: number): void {
    this.#goalId = goalId;
    this.#missed = 0;
  }

  /** A period has passed. Returns the goal that nobody wants any more, once. */
  missOne(): number | undefined {
    if (this.#goalId === undefined || ++this.#missed < PATIENCE_PERIODS) return undefined;
    const unwanted = this.#goalId;
    this.#goalId = undefined;
    return unwanted;
  }
}
