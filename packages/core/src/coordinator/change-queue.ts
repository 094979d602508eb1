import { CoordinatorStoppedError } from "../errors.ts";

/** Changes of a run, one after the other: loads, unloads, restarts, recoveries. None begins once the run is stopping. */
export class ChangeQueue {
  readonly #stopping: AbortSignal;
  #last: Promise<void> = Promise.resolve();

  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
  }

  add<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => {
      if (this.#stopping.aborted) throw new CoordinatorStoppedError();
      return change();
    });
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Fulfilled when everything that is queued now has ended, however. */
  get idle(): Promise<void> {
    return this.#last;
  }
}
