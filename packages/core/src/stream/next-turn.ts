/** Does something in the next turn of the event loop, once, however often it is asked to. */
export class NextTurn {
  readonly #task: () => void;
  #isScheduled = false;

  constructor(task: () => void) {
    this.#task = task;
  }

  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#task();
    });
  }
}
