export interface ProgressOptions {
  /** The caller shall wait this much longer, counted from now, whatever deadline it set. */
  readonly timeoutMs?: number;
}

/** What a method learns about the call it answers. */
export interface CallContext {
  /** Aborted when the caller aborts, gives up waiting, or is gone. */
  readonly signal: AbortSignal;
  /** Tells the caller how far the method is. In order, before the answer; ignored once the call is settled. */
  progress(value: unknown, options?: ProgressOptions): void;
  /** One connection; chosen here, never by the client. */
  readonly clientId: string;
  /** How long the caller waits, if it said so. */
  readonly timeoutMs?: number;
}

/** One call that is being answered. */
export class Call implements CallContext {
  readonly clientId: string;
  declare readonly timeoutMs?: number;
  readonly #report: ((value: unknown, options: ProgressOptions) => void) | undefined;
  // Few methods look at their signal, and making one is dear next to a small call.
  #controller: AbortController | undefined;
  #aborted: { reason: Error } | undefined;
  #settled = false;

  constructor(
    clientId: string,
    timeoutMs: number | undefined,
    report?: (value: unknown, options: ProgressOptions) => void,
  ) {
    this.clientId = clientId;
    if (timeoutMs !== undefined) this.timeoutMs = timeoutMs;
    this.#report = report;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    return this.#controller.signal;
  }

  // A field, so that a method may take it out of its context.
  readonly progress = (value: unknown, options: ProgressOptions = {}): void => {
    if (!this.#settled) this.#report?.(value, options);
  };

  abort(reason: Error): void {
    if (this.#settled || this.#aborted !== undefined) return;
    this.#aborted = { reason };
    this.#controller?.abort(reason);
  }

  settle(): void {
    this.#settled = true;
  }
}
