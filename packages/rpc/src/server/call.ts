import type { Deadlines } from "../client/pending.ts";
import { CallerSilentError } from "../errors.ts";

/** What a method learns about the call it answers. */
export interface CallContext {
  /** Aborted when the caller aborts, gives up waiting, or is gone. */
  readonly signal: AbortSignal;
  /** Tells the caller how far the method is. In order, before the answer; ignored once the call is settled. */
  progress(value: unknown): void;
  /**
   * From now on the caller is asked for signs of life, which only its event loop can give. One that gives none for 1.5 s
   * counts as gone: `signal` is aborted with a `CallerSilentError`. Returns what ends that; the end of the call does too.
   */
  askCaller(): () => void;
  /** One connection; chosen here, never by the client. */
  readonly clientId: string;
  /** How long the caller waits in all, if it said so. */
  readonly timeoutMs?: number;
  /** How long it waits without progress. */
  readonly idleTimeoutMs?: number;
}

export interface CallEvents {
  /** Left out for a notification. */
  readonly report?: (value: unknown) => void;
  readonly ask: (call: Call) => () => void;
}

/** One call that is being answered. */
export class Call implements CallContext {
  readonly clientId: string;
  declare readonly timeoutMs?: number;
  declare readonly idleTimeoutMs?: number;
  readonly #events: CallEvents;
  // Few methods look at their signal, and making one is dear next to a small call.
  #controller: AbortController | undefined;
  #aborted: { reason: Error } | undefined;
  #settled = false;

  constructor(clientId: string, { timeoutMs, idleTimeoutMs }: Partial<Deadlines>, events: CallEvents) {
    this.clientId = clientId;
    if (timeoutMs !== undefined) this.timeoutMs = timeoutMs;
    if (idleTimeoutMs !== undefined) this.idleTimeoutMs = idleTimeoutMs;
    this.#events = events;
  }

  /** What to answer instead of an error, when the caller was given up because it was silent. */
  get silence(): CallerSilentError | undefined {
    const reason = this.#aborted?.reason;
    return reason instanceof CallerSilentError ? reason : undefined;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    return this.#controller.signal;
  }

  // A field, so that a method may take it out of its context.
  readonly progress = (value: unknown): void => {
    if (!this.#settled) this.#events.report?.(value);
  };

  readonly askCaller = (): (() => void) => {
    if (this.#settled || this.#aborted !== undefined) return () => {};
    return this.#events.ask(this);
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
