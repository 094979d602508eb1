import type { CallContext } from "@dimos/rpc";
import type { Logger } from "../log/logger.ts";
import type { SkillContext } from "../module/methods.ts";
import { logSilence } from "./silent-caller.ts";

/** The call that is being answered now, in this thread of calls. */
export interface CallScope {
  /** The lease of the calling skill; undefined where none holds anything. */
  readonly lease: string | undefined;
  /** Ends what is called from here; undefined where the lease came with a call from elsewhere. */
  readonly signal: AbortSignal | undefined;
  /** For the method that answers. Undefined for a skill, which has its own, and when the call is over. */
  readonly context?: SkillContext | undefined;
  /** Asks the maker of this call for signs of life. Returns a function that ends the asking. */
  askCaller(): () => void;
}

/**
 * A call that is being answered. Its signal is dear, and made when somebody wants it. After its end it holds on to nothing:
 * timers that it started live in its context for as long as they run.
 */
export class AnsweredCall implements CallScope {
  readonly lease: string | undefined;
  readonly #method: string;
  readonly #log: Logger;
  #context: CallContext | undefined;
  #outer: CallScope | undefined;
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

  get signal(): AbortSignal | undefined {
    const signal = this.#context?.signal;
    if (signal === undefined) return undefined;
    const outer = this.#outer?.signal;
    this.#signal ??= outer === undefined || outer.aborted ? signal : AbortSignal.any([signal, outer]);
    return this.#signal;
  }

  get context(): SkillContext | undefined {
    const { signal } = this;
    return signal === undefined ? undefined : { signal, progress: (value) => this.#context?.progress(value) };
  }

  askCaller(): () => void {
    const context = this.#context;
    if (context === undefined) return () => {};
    if (!this.#isLogged) {
      this.#isLogged = true;
      logSilence(context.signal, this.#method, this.#log);
    }
    return context.askCaller();
  }

  end(): void {
    this.#context = undefined;
    this.#outer = undefined;
    this.#signal = undefined;
  }
}
