import type { DeepReadonly } from "../deep-readonly.ts";
import type { MessageType } from "../message.ts";
import { parseMessage } from "../parse-message.ts";
import type { Qos } from "../qos.ts";
import { LossListeners, type PathLoss } from "./path-loss.ts";
import type { Topic } from "./topic.ts";

const DONE: Promise<void> = Promise.resolve();

export interface OutOptions {
  readonly validate: boolean;
  /** A message does not fit its schema, and is not delivered. */
  readonly onInvalid?: ((error: unknown) => void) | undefined;
  /** How many input ports on the topic are this port itself. */
  readonly own?: number;
}

/** Hands a message to a topic. */
export type Deliver = (topic: Topic, message: unknown) => void | Promise<void>;

/** The sending end of a stream. A port that nothing is wired to takes messages and drops them. */
export class Out<T> {
  readonly name: string;
  readonly type: MessageType<T>;
  readonly #validate: boolean;
  readonly #onInvalid: (error: unknown) => void;
  readonly #own: number;
  readonly #listeners = new Set<(subscribers: number) => void>();
  readonly #losses = new LossListeners();
  #topic: Topic | undefined;
  #deliver: Deliver = publishOn;
  #unwatch: (() => void) | undefined;
  #wasSubscribed = false;
  #published = 0;

  constructor(name: string, type: MessageType<T>, options: OutOptions) {
    this.name = name;
    this.type = type;
    this.#validate = options.validate;
    this.#onInvalid = options.onInvalid ?? noop;
    this.#own = options.own ?? 0;
  }

  /** The wire name of the stream, `/odom`; undefined until the port is wired. */
  get topic(): string | undefined {
    return this.#topic?.name;
  }

  /**
   * How many take this stream now: input ports in this process, and other processes that receive it. While it is 0,
   * there is no need to make messages, and those that are published are neither encoded nor sent.
   */
  get subscriberCount(): number {
    return Math.max(0, (this.#topic?.subscriberCount ?? 0) - this.#own);
  }

  /** How many messages this port has published. */
  get published(): number {
    return this.#published;
  }

  /**
   * Calls back when the first subscriber comes, and when the last one has gone. Returns an idempotent function that
   * ends that. What is the case now is in `subscriberCount`.
   */
  onSubscribed(callback: (subscribers: number) => void): () => void {
    const listener = (subscribers: number) => callback(subscribers);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Calls back when something between this output and an actuator is lost: it crashed, was restarted or was unloaded, or
   * its process was stopped (SIGSTOP) for a second: then the module of this output may be the one that was. On
   * the way are the actuators that take this stream, and the modules that pass it on in the same message type. No loss is
   * missed, however soon the module runs again: its new instance starts after this was told. Forget your goal then:
   * nothing moves until somebody asks for it again. Returns an idempotent function that ends that.
   */
  onPathLost(callback: (loss: PathLoss) => void): () => void {
    return this.#losses.add(callback);
  }

  /**
   * Gives the message away: do not change it afterwards. The promise is fulfilled at once, or, with a subscriber that
   * keeps `all` and is behind, when that subscriber has room. Whoever does not await it may be 16,384 messages or 64 MB
   * ahead of such a subscriber: what is published above that is lost to it, counted as dropped, and logged. With
   * `DIMOS_VALIDATE=1`, a message that does not fit its schema, or in which its type's `check` finds a fault, is logged
   * and not delivered, and the promise rejects.
   */
  publish(message: T | DeepReadonly<T>): Promise<void> {
    if (this.#validate) {
      const published = this.#publishValidated(message);
      // Who publishes with `void` has read the log: the rejection is for who awaits it, and ends no worker.
      published.catch(noop);
      return published;
    }
    this.#published++;
    return (this.#topic === undefined ? undefined : this.#deliver(this.#topic, message)) ?? DONE;
  }

  async #publishValidated(message: T | DeepReadonly<T>): Promise<void> {
    try {
      await parseMessage(this.type, message, `${this.type.name} published on "${this.name}"`);
    } catch (error) {
      this.#onInvalid(error);
      throw error;
    }
    this.#published++;
    if (this.#topic !== undefined) await this.#deliver(this.#topic, message);
  }

  /** @internal Set by the worker: who receives a message in the same process is not called by whoever publishes it. */
  deliverBy(deliver: Deliver): void {
    this.#deliver = deliver;
  }

  /** @internal Called by the worker. */
  losePath(loss: PathLoss): void {
    this.#losses.tell(loss);
  }

  /** @internal Wired by the worker. */
  attach(topic: Topic | undefined, _qos?: Qos): void {
    if (topic === this.#topic) return;
    this.#unwatch?.();
    this.#topic = topic;
    this.#unwatch = topic?.watch(() => this.#tell());
    this.#tell();
  }

  #tell(): void {
    const subscribers = this.subscriberCount;
    if (subscribers > 0 === this.#wasSubscribed) return;
    this.#wasSubscribed = subscribers > 0;
    for (const listener of this.#listeners) listener(subscribers);
  }
}

function publishOn(topic: Topic, message: unknown): void | Promise<void> {
  return topic.publish(message);
}

function noop(): void {}
