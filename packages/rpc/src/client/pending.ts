import { CallAbortedError, CallTimeoutError } from "../errors.ts";
import { MAX_TIMER_MS } from "../limits.ts";

export interface CallOptions {
  /** How long to wait for the answer. Default: that of the client. `Infinity` waits for as long as the connection lives. */
  readonly timeoutMs?: number;
  /** Rejects the call at once, and aborts the signal the method got. */
  readonly signal?: AbortSignal;
  /** What the method reports while it runs, in order. */
  readonly onProgress?: (value: unknown) => void;
  /**
   * How a call ended that its caller had aborted or given up: what an interrupted method says that it did. Called at most
   * once, after the call has rejected; never when the connection is lost.
   */
  readonly onLateOutcome?: (outcome: PromiseSettledResult<unknown>) => void;
  /** What errors call the method. Default: its name. */
  readonly as?: string;
}

/** A call that failed. The error is made by the caller's own continuation, so that its stack leads to the caller. */
class Failure {
  readonly error: () => Error;

  constructor(error: () => Error) {
    this.error = error;
  }
}

/** A call that waits for its answer, with its deadline and its caller's signal. Settles once. */
export class PendingCall {
  readonly method: string;
  readonly #outcome: Promise<unknown>;
  readonly onProgress: ((value: unknown) => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  /** Leaves the table of pending calls; with `true`, the method shall stop too. */
  readonly #leave: (isGivenUp: boolean) => void;
  #settle!: (outcome: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(method: string, timeoutMs: number, options: CallOptions, leave: (isGivenUp: boolean) => void) {
    this.method = method;
    this.onProgress = options.onProgress;
    this.#signal = options.signal;
    this.#leave = leave;
    this.#outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.renew(timeoutMs);
    this.#signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** An async function, for V8 to follow its awaiting callers: a stack taken when the call is made costs more than the call. */
  async answer(): Promise<unknown> {
    const outcome = await this.#outcome;
    if (outcome instanceof Failure) throw outcome.error();
    return outcome;
  }

  /** Starts the deadline anew, from now. */
  renew(timeoutMs: number): void {
    clearTimeout(this.#timer);
    if (timeoutMs > MAX_TIMER_MS) return;
    const late = () => this.#end(true, new Failure(() => new CallTimeoutError(this.method, timeoutMs)));
    this.#timer = setTimeout(late, Math.max(1, timeoutMs));
  }

  resolve(value: unknown): void {
    this.#end(false, value);
  }

  reject(error: () => Error): void {
    this.#end(false, new Failure(error));
  }

  #end(isGivenUp: boolean, outcome: unknown): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#leave(isGivenUp);
    this.#settle(outcome);
  }

  // A method would not be the same function when the listener is removed.
  readonly #abort = (): void => {
    this.#end(true, new Failure(() => new CallAbortedError(this.method, this.#signal?.reason)));
  };
}
