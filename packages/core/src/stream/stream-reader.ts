import type { Logger } from "../log/logger.ts";
import type { Qos } from "../qos.ts";
import { Edge, type Subscriber } from "./edge.ts";
import { StreamHub } from "./hub.ts";
import { waitAtMost } from "./patience.ts";
import type { Topic } from "./topic.ts";

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

interface Reading {
  readonly topic: Topic;
  readonly qos: Qos;
  readonly edges: Set<Edge<unknown>>;
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
  readonly #readings = new Map<string, Reading>();
  readonly #stopWatching: () => void;

  constructor(services: ReaderServices) {
    this.#services = services;
    this.#hub = new StreamHub(services.log);
    this.#stopWatching = services.onChange(() => void this.#follow());
  }

  /**
   * Resolves to a function that ends the subscription, once its publishers know of it: whatever they publish from then
   * on arrives. Resolves to undefined when no module publishes the stream.
   */
  async subscribe(stream: string, subscriber: Subscriber<unknown>, qos?: Qos): Promise<(() => void) | undefined> {
    const source = await this.#services.streamSource(stream);
    if (source === undefined) return undefined;
    const wanted: Qos = { ...source.qos, ...qos };
    const edge = new Edge<unknown>(subscriber, wanted, (error) =>
      this.#services.log.error(`A subscriber of ${source.topic} failed`, { err: error }),
    );
    const topic = this.#hub.topic(source.topic, source.messageName, wanted.latched === true);
    const reading = this.#readings.get(source.topic) ?? { topic, qos: wanted, edges: new Set() };
    this.#readings.set(source.topic, reading);
    reading.edges.add(edge);
    topic.addPort(edge);
    await waitAtMost(ESTABLISH_TIMEOUT_MS, this.#hub.receive(topic, source.publishers, wanted));
    return () => this.#leave(reading, edge);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopWatching();
    for (const reading of this.#readings.values()) for (const edge of reading.edges) edge.close();
    this.#readings.clear();
    await this.#hub[Symbol.asyncDispose]();
  }

  #leave({ topic, edges }: Reading, edge: Edge<unknown>): void {
    edge.close();
    topic.removePort(edge);
    if (!edges.delete(edge) || edges.size > 0) return;
    this.#readings.delete(topic.name);
    this.#hub.forget(topic.name);
  }

  async #follow(): Promise<void> {
    for (const { topic, qos } of this.#readings.values()) {
      try {
        const source = await this.#services.streamSource(topic.name);
        if (this.#readings.has(topic.name)) void this.#hub.receive(topic, source?.publishers ?? [], qos);
      } catch (error) {
        this.#services.log.warn(`Cannot find out where ${topic.name} comes from now`, { err: error });
      }
    }
  }
}
