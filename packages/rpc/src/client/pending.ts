import { CallAbortedError, CallTimeoutError } from "../errors.ts";
import { MAX_TIMER_MS } from "../limits.ts";

export interface CallOptions {
  /** The call ends after this time, whatever it reports. `Infinity` waits for as long as the connection lives. */
  readonly timeoutMs?: number;
  /** How long to wait for the answer or the next progress. Default: that of the client, unless there is a `timeoutMs`. */
  readonly idleTimeoutMs?: number;
  /** What the caller has waited already, of its `timeoutMs`. */
  readonly waitedMs?: number;
  /** Rejects the call at once, and aborts the signal the method got. */
  readonly signal?: AbortSignal;
  /** What the method reports while it runs, in order. */
  readonly onProgress?: (value: unknown) => void;
  /**
   * How a call ended that its caller had aborted or given up: what an interrupted method says that it did. Called at most
   * once, after the call has rejected; never when the connection is lost.
   */
  readonly onLateOutcome?: (outcome: PromiseSettledResult<unknown>) => void;
  /**
   * The server has begun to ask this process for signs of life, because of this call. One that calls for somebody else
   * begins to ask that one, and returns what ends it. This process answers by itself.
   */
  readonly onAsking?: () => () => void;
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

/** When a call is given up: after a time that nothing prolongs, and after one without progress. */
export interface Deadlines {
  readonly timeoutMs: number | undefined;
  readonly idleTimeoutMs: number | undefined;
}

/** A call that waits for its answer, with its deadlines and its caller's signal. Settles once. */
export class PendingCall {
  readonly method: string;
  readonly #outcome: Promise<unknown>;
  readonly onProgress: ((value: unknown) => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  /** Leaves the table of pending calls; with `true`, the method shall stop too. */
  readonly #leave: (isGivenUp: boolean) => void;
  readonly #onAsking: (() => () => void) | undefined;
  readonly #idleTimeoutMs: number | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #settle!: (outcome: unknown) => void;
  #idleTimer: NodeJS.Timeout | undefined;
  #stopAsking: (() => void) | undefined;

  constructor(method: string, deadlines: Deadlines, options: CallOptions, leave: (isGivenUp: boolean) => void) {
    this.method = method;
    this.onProgress = options.onProgress;
    this.#signal = options.signal;
    this.#onAsking = options.onAsking;
    this.#idleTimeoutMs = deadlines.idleTimeoutMs;
    this.#leave = leave;
    this.#outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#timer = this.#expireAfter(deadlines.timeoutMs, options.waitedMs);
    this.renew();
    this.#signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** An async function, for V8 to follow its awaiting callers: a stack taken when the call is made costs more than the call. */
  async answer(): Promise<unknown> {
    const outcome = await this.#outcome;
    if (outcome instanceof Failure) throw outcome.error();
    return outcome;
  }

  /** There is progress: the time without any begins again. */
  renew(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = this.#expireAfter(this.#idleTimeoutMs);
  }

  /** The server asks because of this call, or does not any more. */
  asking(isAsking: boolean): void {
    if (isAsking) this.#stopAsking ??= this.#onAsking?.();
    else this.#endAsking();
  }

  resolve(value: unknown): void {
    this.#end(false, value);
  }

  reject(error: () => Error): void {
    this.#end(false, new Failure(error));
  }

  #expireAfter(timeoutMs: number | undefined, waitedMs = 0): NodeJS.Timeout | undefined {
    if (timeoutMs === undefined || timeoutMs > MAX_TIMER_MS) return undefined;
    const late = () => this.#end(true, new Failure(() => new CallTimeoutError(this.method, timeoutMs)));
    return setTimeout(late, Math.max(1, timeoutMs - waitedMs));
  }

  #endAsking(): void {
    this.#stopAsking?.();
    this.#stopAsking = undefined;
  }

  #end(isGivenUp: boolean, outcome: unknown): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#idleTimer);
    this.#endAsking();
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#leave(isGivenUp);
    this.#settle(outcome);
  }

  // A method would not be the same function when the listener is removed.
  readonly #abort = (): void => {
    this.#end(true, new Failure(() => new CallAbortedError(this.method, this.#signal?.reason)));
  };
}
