/** A worker that has ended, and how: `was ended by SIGKILL`. */
export interface WorkerEnd {
  readonly worker: string;
  readonly reason: string;
}

/** How workers ended, as far as there is word of that, by what their callers know of them: a name, or an endpoint. */
export class WorkerEnds {
  readonly #ends = new Map<string, PromiseWithResolvers<WorkerEnd>>();

  add(key: string, end: WorkerEnd): void {
    this.#of(key).resolve(end);
  }

  /** Settles when there is word of it, which may be never. */
  of(key: string): Promise<WorkerEnd> {
    return this.#of(key).promise;
  }

  #of(key: string): PromiseWithResolvers<WorkerEnd> {
    let end = this.#ends.get(key);
    if (end === undefined) {
      end = Promise.withResolvers();
      this.#ends.set(key, end);
    }
    return end;
  }
}
