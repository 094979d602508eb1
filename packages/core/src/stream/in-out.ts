import type { DeepReadonly } from "../deep-readonly.ts";
import type { MessageType } from "../message.ts";
import type { Qos } from "../qos.ts";
import { In, type InOptions } from "./in.ts";
import { type Deliver, Out, type OutOptions } from "./out.ts";
import type { Topic } from "./topic.ts";

/** Both ends of one stream: it receives what others publish, and what it publishes itself. */
export class InOut<T> extends In<T> {
  readonly #out: Out<T>;

  constructor(name: string, type: MessageType<T>, options: InOptions & Omit<OutOptions, "own">) {
    super(name, type, options);
    const { validate, onInvalid } = options;
    this.#out = new Out(name, type, { validate, onInvalid, own: 1 });
  }

  /** How many others take this stream now. */
  get subscriberCount(): number {
    return this.#out.subscriberCount;
  }

  /** How many messages this port has published. */
  get published(): number {
    return this.#out.published;
  }

  /** Calls back when the first other subscriber comes, and when the last one has gone. */
  onSubscribed(callback: (subscribers: number) => void): () => void {
    return this.#out.onSubscribed(callback);
  }

  publish(message: T | DeepReadonly<T>): Promise<void> {
    return this.#out.publish(message);
  }

  /** @internal As in `Out`. */
  deliverBy(deliver: Deliver): void {
    this.#out.deliverBy(deliver);
  }

  override attach(topic: Topic | undefined, qos?: Qos): void {
    super.attach(topic, qos);
    this.#out.attach(topic);
  }
}
