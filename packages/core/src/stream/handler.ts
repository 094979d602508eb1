import type { DeepReadonly } from "../deep-readonly.ts";

/** What `In.handle` gives its callback beside the message. */
export interface HandleContext {
  /** Aborted when the handler is removed or its module stops. */
  readonly signal: AbortSignal;
}

export type Handler<T> = (message: DeepReadonly<T>, context: HandleContext) => Promise<unknown>;
