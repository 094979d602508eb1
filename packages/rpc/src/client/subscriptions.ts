export type Unsubscribe = (() => void) & {
  /** Resolves once the server has noted the subscription; rejects when it has no such topic. Need not be looked at. */
  readonly ready: Promise<void>;
};

export interface SubscriptionChannel {
  /** Asks the server for a topic. Rejects when it refuses, or when there is no connection just now. */
  ask(topic: string): Promise<unknown>;
  tell(topic: string): void;
  onError(error: unknown): void;
}

/** Which callback wants which topic. Survives the connection: on a new one, everything is asked for again. */
export class Subscriptions {
  readonly #channel: SubscriptionChannel;
  readonly #callbacks = new Map<string, Set<{ call: (value: unknown) => void }>>();

  constructor(channel: SubscriptionChannel) {
    this.#channel = channel;
  }

  add(topic: string, callback: (value: unknown) => void): Unsubscribe {
    // An entry of its own, for the same function may be subscribed twice.
    const entry = { call: callback };
    const entries = this.#callbacks.get(topic) ?? new Set();
    this.#callbacks.set(topic, entries.add(entry));
    const ready = this.#channel.ask(topic).then(() => {});
    ready.catch(() => {});
    const unsubscribe = () => {
      if (!entries.delete(entry) || entries.size > 0) return;
      this.#callbacks.delete(topic);
      this.#channel.tell(topic);
    };
    return Object.assign(unsubscribe, { ready });
  }

  deliver(topic: string, value: unknown): void {
    const entries = this.#callbacks.get(topic);
    // A copy: callbacks may unsubscribe each other, and what they removed must not be called any more.
    for (const entry of [...(entries ?? [])]) {
      if (entries?.has(entry) !== true) continue;
      try {
        entry.call(value);
      } catch (error) {
        this.#channel.onError(error);
      }
    }
  }

  askAgain(): void {
    for (const topic of this.#callbacks.keys()) this.#channel.ask(topic).catch((error) => this.#channel.onError(error));
  }
}
