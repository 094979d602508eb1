import { AsyncLocalStorage } from "node:async_hooks";
import type { CallInterceptor } from "@dimos/porcelain";
import type { LateOutcome } from "./aborted-call.ts";

interface PendingCall {
  readonly name: string;
  readonly abort: AbortController;
  readonly outcome: Promise<LateOutcome>;
}

/** A call that was aborted, and how it ended after all. */
export type AbortedCall = Pick<PendingCall, "name" | "outcome">;

/** Calls of a shell that are under way, and the lines that made them: so that one key aborts them all. */
export class ShellCalls {
  readonly #line = new AsyncLocalStorage<number>();
  readonly #calls = new Set<PendingCall>();
  readonly #refused = new Set<number>();
  readonly #onRefused: (name: string) => void;
  #lastLine = 0;
  /** Lines up to this one were interrupted. */
  #interrupted = -1;

  /** @param onRefused hears of the first call of each interrupted line that is not made */
  constructor(onRefused: (name: string) => void) {
    this.#onRefused = onRefused;
  }

  /** From now on calls belong to the next line, also those that its timers and callbacks make later. */
  beginLine(): void {
    this.#lastLine += 1;
    this.#line.enterWith(this.#lastLine);
  }

  readonly intercept: CallInterceptor = async ({ kind, name, make }) => {
    const line = this.#line.getStore() ?? this.#lastLine;
    if (line <= this.#interrupted) {
      if (!this.#refused.has(line)) this.#onRefused(name);
      this.#refused.add(line);
      // A loop would move the robot again: it stays where it waits for this call.
      return new Promise(() => {});
    }
    const { promise: outcome, resolve: end } = Promise.withResolvers<LateOutcome>();
    const pending: PendingCall = { name, abort: new AbortController(), outcome };
    this.#calls.add(pending);
    try {
      return await make({ signal: pending.abort.signal, onLateOutcome: end });
    } catch (reason) {
      const isAborted = (reason as { code?: unknown }).code === "CALL_ABORTED";
      // How an aborted method ends is still to come; nothing further comes of the others.
      if (!isAborted) end({ status: "rejected", reason });
      else if (kind !== "method") end({ status: "fulfilled", value: undefined });
      throw reason;
    } finally {
      this.#calls.delete(pending);
    }
  };

  /** Aborts every call that is under way; lines of before can make no others. */
  abortAll(reason: string): readonly AbortedCall[] {
    this.#interrupted = this.#lastLine;
    const aborted = [...this.#calls];
    for (const { abort } of aborted) abort.abort(new Error(reason));
    return aborted;
  }
}
