import type { CallContext } from "@dimos/rpc";
import type { Logger } from "../log/logger.ts";
import { logSilence } from "./silent-caller.ts";

/** The call that is being answered now, in this thread of calls. */
export interface CallScope {
  /** Of the skill that calls; undefined where none holds anything. */
  readonly lease: string | undefined;
  /** Ends what is called from here; undefined where the lease came with a call from elsewhere. */
  readonly signal: AbortSignal | undefined;
  /** Asks whoever made this call for signs of life. Returns what ends that. */
  askCaller(): () => void;
}

/** A call that is being answered. Its signal is dear, and made when somebody wants it. */
export class AnsweredCall implements CallScope {
  readonly lease: string | undefined;
  readonly #method: string;
  readonly #context: CallContext;
  readonly #outer: CallScope | undefined;
  readonly #log: Logger;
  #signal: AbortSignal | undefined;
  #isLogged = false;

  /** @param outer of the method that called this one, where that runs here too */
  constructor(method: string, context: CallContext, outer: CallScope | undefined, log: Logger) {
    this.lease = outer?.lease;
    this.#method = method;
    this.#context = context;
    this.#outer = outer;
    this.#log = log;
  }

  get signal(): AbortSignal {
    const outer = this.#outer?.signal;
    const { signal } = this.#context;
    this.#signal ??= outer === undefined || outer.aborted ? signal : AbortSignal.any([signal, outer]);
    return this.#signal;
  }

  askCaller(): () => void {
    if (!this.#isLogged) {
      this.#isLogged = true;
      logSilence(this.#context.signal, this.#method, this.#log);
    }
    return this.#context.askCaller();
  }
}
