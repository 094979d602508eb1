import { CoordinatorStoppedError } from "../errors.ts";

interface Change {
  /** Modules that it replaces or takes away. */
  readonly concerns: readonly string[];
  readonly isRecovery: boolean;
  readonly run: () => Promise<void>;
  isRunning: boolean;
}

/**
 * Changes of a run, one after the other: loads, unloads, restarts. Recoveries do not stand in line, for a load may take
 * hours: one begins as soon as no change that is under way concerns its modules, and no other recovery runs. Nothing
 * begins once the run is stopping.
 */
export class ChangeQueue {
  readonly #stopping: AbortSignal;
  readonly #changes: Change[] = [];
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
  }

  /** @param concerns modules of the run that the change replaces or takes away */
  add<T>(change: () => Promise<T>, concerns: readonly string[] = []): Promise<T> {
    return this.#enqueue(change, concerns, false);
  }

  /** Starts modules again that have crashed. */
  recover(instances: readonly string[], recovery: () => Promise<void>): Promise<void> {
    return this.#enqueue(recovery, instances, true);
  }

  /** Fulfilled when everything that is queued now has ended, however. */
  get idle(): Promise<void> {
    if (this.#changes.length === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  #enqueue<T>(change: () => Promise<T>, concerns: readonly string[], isRecovery: boolean): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const run = async () => {
      try {
        if (this.#stopping.aborted) throw new CoordinatorStoppedError();
        resolve(await change());
      } catch (error) {
        reject(error);
      }
    };
    this.#changes.push({ concerns, isRecovery, run, isRunning: false });
    this.#beginNext();
    return promise;
  }

  #beginNext(): void {
    for (const change of this.#changes.filter((other) => this.#mayBegin(other))) {
      // What begins changes what else may.
      if (!this.#mayBegin(change)) continue;
      change.isRunning = true;
      void Promise.resolve()
        .then(change.run)
        .then(() => this.#end(change));
    }
  }

  #mayBegin(change: Change): boolean {
    const { isRunning, isRecovery, concerns } = change;
    if (isRunning) return false;
    const running = this.#changes.filter((other) => other.isRunning);
    if (!isRecovery) return running.length === 0 && this.#changes.find((other) => !other.isRecovery) === change;
    return running.every((other) => !other.isRecovery && !other.concerns.some((name) => concerns.includes(name)));
  }

  #end(change: Change): void {
    this.#changes.splice(this.#changes.indexOf(change), 1);
    this.#beginNext();
    if (this.#changes.length > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}
