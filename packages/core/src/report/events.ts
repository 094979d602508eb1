import type { EstopState } from "../safety/estop-state.ts";

/** What happens in a run, as its coordinator sees it. */
export interface RunEvents {
  /** What runs has changed: modules came, went, or are another instance now. */
  readonly modulesChanged: { readonly generation: number };
  readonly moduleCrashed: { readonly instance: string; readonly worker: string; readonly reason: string };
  readonly moduleRestarted: { readonly instance: string; readonly cause: "asked" | "crash" };
  /** It crashed too often, or could not be started again, and stays down. */
  readonly moduleFailed: { readonly instance: string; readonly reason: string };
  readonly workerUnresponsive: {
    readonly worker: string;
    readonly modules: readonly string[];
    readonly silentMs: number;
  };
  /** The emergency stop was latched, or reset. */
  readonly estop: EstopState;
  readonly stopped: { readonly reason: string };
}

export type RunEventName = keyof RunEvents;

export const RUN_EVENT_NAMES: readonly RunEventName[] = [
  "modulesChanged",
  "moduleCrashed",
  "moduleRestarted",
  "moduleFailed",
  "workerUnresponsive",
  "estop",
  "stopped",
];

type Listener = (event: never) => void;

/** Tells listeners; one that throws is reported and disturbs nobody. */
export class RunEmitter {
  readonly #listeners = new Map<RunEventName, Set<Listener>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Returns a function that takes the listener away again. */
  on<K extends RunEventName>(name: K, listener: (event: RunEvents[K]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<K extends RunEventName>(name: K, event: RunEvents[K]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(event as never);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
