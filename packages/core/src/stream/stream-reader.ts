import type { Logger } from "../log/logger.ts";
import { narrowed, type Qos } from "../qos.ts";
import { overrunText } from "./backlog.ts";
import { Edge, type Subscriber } from "./edge.ts";
import { StreamHub } from "./hub.ts";
import { waitAtMost } from "./patience.ts";
import { Topic } from "./topic.ts";

/** A subscription waits this long for its publishers; one that stands still is subscribed to when it turns again. */
const ESTABLISH_TIMEOUT_MS = 2_000;

/** Where readers outside of the run get a stream from. */
export interface StreamSource {
  /** Wire name, `/odom`. */
  readonly topic: string;
  readonly messageName: string;
  readonly qos: Qos;
  /** Data sockets of the workers that publish it. */
  readonly publishers: readonly string[];
}

/** One subscription. Its topic is its own, so it asks for its own QoS only, and begins with what its publishers have last. */
interface Reading {
  readonly topic: Topic;
  readonly edge: Edge<unknown>;
}

interface ReaderServices {
  /** Where a stream comes from now; undefined when nobody publishes it. */
  streamSource(stream: string): Promise<StreamSource | undefined>;
  /** Calls back whenever streams may come from elsewhere than before. */
  onChange(callback: () => void): () => void;
  readonly log: Logger;
}

/** Reads streams of a run from outside: straight from the workers that publish them, through restarts of those. */
export class StreamReader implements AsyncDisposable {
  readonly #services: ReaderServices;
  readonly #hub: StreamHub;
  readonly #readings = new Set<Reading>();
  readonly #stopWatching: () => void;

  constructor(services: ReaderServices) {
    this.#services = services;
    this.#hub = new StreamHub(services.log);
    this.#stopWatching = services.onChange(() => void this.#follow());
  }

  /**
   * Resolves to a function that ends the subscription, once its publishers know of it: whatever they publish from then
   * on arrives. Resolves to undefined when no module publishes the stream. Rejects when a publisher takes no more subscriptions.
   */
  async subscribe(
    stream: string,
    subscriber: Subscriber<unknown>,
    qos?: Partial<Qos>,
  ): Promise<(() => void) | undefined> {
    const source = await this.#services.streamSource(stream);
    if (source === undefined) return undefined;
    const wanted = narrowed(source.qos, qos ?? {});
    const { log } = this.#services;
    const edge = new Edge<unknown>(
      subscriber,
      wanted,
      (error) => log.error(`A subscriber of ${source.topic} failed`, { err: error }),
      () => log.error(overrunText(source.topic)),
    );
    const topic = new Topic(source.topic, source.messageName, false);
    const reading = { topic, edge };
    this.#readings.add(reading);
    topic.addPort(edge);
    await waitAtMost(ESTABLISH_TIMEOUT_MS, this.#hub.receive(topic, source.publishers, wanted));
    const refusal = this.#hub.refusal(topic);
    if (refusal === undefined) return () => this.#leave(reading);
    this.#leave(reading);
    throw refusal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopWatching();
    for (const { edge } of this.#readings) edge.close();
    this.#readings.clear();
    await this.#hub[Symbol.asyncDispose]();
  }

  #leave(reading: Reading): void {
    reading.edge.close();
    if (this.#readings.delete(reading)) this.#hub.forget(reading.topic);
  }

  async #follow(): Promise<void> {
    const names = new Set([...this.#readings].map(({ topic }) => topic.name));
    await Promise.all([...names].map((name) => this.#followTopic(name)));
  }

  async #followTopic(name: string): Promise<void> {
    try {
      const source = await this.#services.streamSource(name);
      for (const { topic, edge } of this.#readings) {
        if (topic.name === name) void this.#hub.receive(topic, source?.publishers ?? [], edge.need);
      }
    } catch (error) {
      this.#services.log.warn(`Cannot find out where ${name} comes from now`, { err: error });
    }
  }
}
