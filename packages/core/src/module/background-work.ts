/** What a background skill returns when it has begun: the answer for its caller, and the work that goes on. */
export class Background<Answer> {
  readonly answer: Answer;
  readonly work: BackgroundBody;

  constructor(answer: Answer, work: BackgroundBody) {
    this.answer = answer;
    this.work = work;
  }
}

/** Work after the answer. The skill holds what it `uses` until this settles. */
export type BackgroundBody = (context: { readonly signal: AbortSignal }) => unknown;

/** The works of one background skill that are under way. */
export class BackgroundWorks {
  readonly #running = new Map<AbortController, Promise<void>>();

  /**
   * @param signals each ends the work
   * @param onError hears what the work throws, unless it was ended
   */
  begin(work: BackgroundBody, signals: readonly AbortSignal[], onError: (error: unknown) => void): Promise<void> {
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, ...signals]);
    const run = async () => {
      try {
        await work({ signal });
      } catch (error) {
        if (!signal.aborted) onError(error);
      }
    };
    const done = run().finally(() => this.#running.delete(ended));
    this.#running.set(ended, done);
    return done;
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  async end(reason: Error): Promise<boolean> {
    if (!this.isRunning) return false;
    const running = [...this.#running];
    for (const [controller] of running) controller.abort(reason);
    await Promise.all(running.map(([, done]) => done));
    return true;
  }
}
