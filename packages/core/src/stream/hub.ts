import type { Logger } from "../log/logger.ts";
import { type Qos, widest } from "../qos.ts";
import { DataClient, type RemoteFlow } from "./data-client.ts";
import { DataServer } from "./data-server.ts";
import { SharedMemory } from "./shared/shared-memory.ts";
import { Topic } from "./topic.ts";

interface RemoteTopic {
  readonly qos: Qos;
  readonly publishers: ReadonlyMap<string, RemoteFlow>;
}

/** All streams of one process: its topics, the socket it publishes on, and its connections to other publishers. */
export class StreamHub implements AsyncDisposable {
  readonly #log: Logger;
  readonly #shared: SharedMemory;
  readonly #topics = new Map<string, Topic>();
  readonly #clients = new Map<string, DataClient>();
  readonly #remotes = new Map<string, RemoteTopic>();
  #server: Promise<DataServer> | undefined;

  constructor(log: Logger, shared: SharedMemory = new SharedMemory(log)) {
    this.#log = log;
    this.#shared = shared;
  }

  topic(name: string, messageName: string, latched: boolean): Topic {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      topic = new Topic(name, messageName, latched);
      this.#topics.set(name, topic);
    }
    if (latched) topic.latched = true;
    return topic;
  }

  /** Fails where this process cannot share memory with others. */
  requireSharedMemory(topic: string): Promise<void> {
    return this.#shared.require(topic);
  }

  existing(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  /** Opens this process's data socket, once. */
  async listen(path: string): Promise<string> {
    this.#server ??= this.#open(path);
    return (await this.#server).path;
  }

  /**
   * Receives a topic from exactly these data sockets of other processes, with one connection each, however many ports
   * of this process want it. `qos` is the most demanding of those ports. Resolves when all of them know of it, which
   * one that is down or stands still does not before it comes back.
   */
  async receive(topic: Topic, publishers: readonly string[], qos: Qos): Promise<void> {
    const before = this.#remotes.get(topic.name);
    // Also the first time: what is left out and what is its default are the same, and connections are kept then.
    const wanted = widest(before?.qos ?? qos, qos);
    const keep =
      before !== undefined && sameQos(before.qos, wanted) ? before.publishers : new Map<string, RemoteFlow>();
    const after = new Map<string, RemoteFlow>();
    const request = { topic: topic.name, messageName: topic.messageName, qos: wanted };
    for (const path of publishers) after.set(path, keep.get(path) ?? this.#client(path).subscribe(request, topic));
    for (const [path, flow] of before?.publishers ?? []) if (after.get(path) !== flow) flow.end();
    this.#remotes.set(topic.name, { qos: wanted, publishers: after });
    this.#dropIdleClients();
    await Promise.all([...after.values()].map(({ established }) => established));
  }

  /** No port of this process wants the topic any more. */
  forget(topicName: string): void {
    for (const flow of this.#remotes.get(topicName)?.publishers.values() ?? []) flow.end();
    this.#remotes.delete(topicName);
    this.#dropIdleClients();
  }

  /**
   * A latched value lives for as long as somebody publishes its topic, here or elsewhere: who came to this process later
   * would get it, and in another one not.
   */
  forgetUnpublished(topicName: string): void {
    const topic = this.#topics.get(topicName);
    const elsewhere = this.#remotes.get(topicName)?.publishers.size ?? 0;
    if (topic?.isPublished === false && elsewhere === 0) topic.forgetLast();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients.values()) client[Symbol.dispose]();
    this.#clients.clear();
    await (await this.#server)?.[Symbol.asyncDispose]();
  }

  async #open(path: string): Promise<DataServer> {
    const server = new DataServer(path, {
      topicFor: (request) => this.topic(request.topic, request.messageName, request.qos.latched === true),
      shared: this.#shared,
      log: this.#log,
    });
    await server.listen();
    return server;
  }

  #client(path: string): DataClient {
    let client = this.#clients.get(path);
    if (client === undefined) {
      client = new DataClient(path, this.#shared, this.#log);
      this.#clients.set(path, client);
    }
    return client;
  }

  #dropIdleClients(): void {
    for (const [path, client] of this.#clients) {
      if (client.subscriptionCount > 0) continue;
      client[Symbol.dispose]();
      this.#clients.delete(path);
    }
  }
}

function sameQos(a: Qos, b: Qos): boolean {
  return (
    a.keep === b.keep &&
    a.depth === b.depth &&
    a.maxAgeMs === b.maxAgeMs &&
    a.maxRateHz === b.maxRateHz &&
    a.latched === b.latched
  );
}
