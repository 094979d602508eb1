/** A module that streams of this one went through, came from or ended at is lost. */
export interface PathLoss {
  /** The module that was lost. It may run again soon, as another instance that has been asked for nothing yet. */
  readonly instance: string;
  /** How, as a clause: `its worker was ended by SIGKILL`, `it was restarted`, `its process was stopped`. */
  readonly reason: string;
}

/** Those who want to hear of losses at one port. */
export class LossListeners {
  readonly #listeners = new Set<(loss: PathLoss) => void>();

  /** Returns an idempotent function that ends that. */
  add(callback: (loss: PathLoss) => void): () => void {
    const listener = (loss: PathLoss) => callback(loss);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells all of them; throws then what the first of those threw that failed. */
  tell(loss: PathLoss): void {
    const errors: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener(loss);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
