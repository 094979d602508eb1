import type { Logger } from "../log/logger.ts";
import { type Qos, sameQos } from "../qos.ts";
import type { MemoryFaults } from "../report/memory-faults.ts";
import { DataClient, type RemoteFlow } from "./data-client.ts";
import { DataServer } from "./data-server.ts";
import { SharedMemory } from "./shared/shared-memory.ts";
import { Topic } from "./topic.ts";

interface RemoteTopic {
  /** What its publishers were asked for. */
  qos: Qos;
  readonly publishers: ReadonlyMap<string, RemoteFlow>;
}

/** All streams of one process: its topics, the socket it publishes on, and its connections to other publishers. */
export class StreamHub implements AsyncDisposable {
  readonly #log: Logger;
  readonly #shared: SharedMemory;
  readonly #topics = new Map<string, Topic>();
  /** Those that this process has or had ports for. Others are there only while another process subscribes to them. */
  readonly #own = new Set<Topic>();
  readonly #clients = new Map<string, DataClient>();
  readonly #remotes = new Map<Topic, RemoteTopic>();
  #server: Promise<DataServer> | undefined;

  constructor(log: Logger, shared: SharedMemory = new SharedMemory(log)) {
    this.#log = log;
    this.#shared = shared;
  }

  /** For the ports of this process. */
  topic(name: string, messageName: string, latched: boolean): Topic {
    const topic = this.#topic(name, messageName, latched);
    this.#own.add(topic);
    return topic;
  }

  #topic(name: string, messageName: string, latched: boolean): Topic {
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

  /** How often the shared memory of each topic that is published here has been at fault; without those of which it was not. */
  get memoryFaults(): MemoryFaults {
    return this.#shared.faults;
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
   * Receives a topic from exactly these data sockets of other processes. Each is subscribed to once, however many ports of
   * the topic want it, for what these ask for together: when that changes, the subscription changes with it, and loses
   * nothing. `qos` holds while the topic has no port. Resolves when all of them know of it, which one that is down or
   * stalled does not before it runs again.
   */
  async receive(topic: Topic, publishers: readonly string[], qos: Qos): Promise<void> {
    const before = this.#remotes.get(topic);
    this.#ask(topic);
    const wanted = topic.need ?? before?.qos ?? qos;
    const request = { topic: topic.name, messageName: topic.messageName, qos: wanted };
    const after = new Map<string, RemoteFlow>();
    for (const path of publishers)
      after.set(path, before?.publishers.get(path) ?? this.#client(path).subscribe(request, topic));
    for (const [path, flow] of before?.publishers ?? []) if (!after.has(path)) flow.end();
    this.#remotes.set(topic, { qos: wanted, publishers: after });
    topic.onNeedChanged = () => this.#ask(topic);
    this.#dropIdleClients();
    await this.established([topic]);
  }

  /** Resolves when the publishers of these topics know what their ports ask for now. */
  async established(topics: Iterable<Topic>): Promise<void> {
    const flows = [...topics].flatMap((topic) => [...(this.#remotes.get(topic)?.publishers.values() ?? [])]);
    await Promise.all(flows.map(({ established }) => established));
  }

  /** No port of this process wants the topic any more. */
  forget(topic: Topic): void {
    for (const flow of this.#remotes.get(topic)?.publishers.values() ?? []) flow.end();
    this.#remotes.delete(topic);
    topic.onNeedChanged = undefined;
    topic.forgetReceived();
    this.#dropIdleClients();
  }

  /**
   * A latched value lives for as long as somebody publishes its topic, here or elsewhere: a late subscriber in this
   * process would get it, and one in another process not.
   */
  forgetUnpublished(topic: Topic): void {
    const elsewhere = this.#remotes.get(topic)?.publishers.size ?? 0;
    if (topic.isPublished || elsewhere > 0) return;
    topic.forgetLast();
    if (topic.isUsed || this.#remotes.has(topic)) return;
    this.#own.delete(topic);
    this.#dropUnused(topic);
  }

  /** Why a publisher of the topic sends nothing, if one has refused to. */
  refusal(topic: Topic): Error | undefined {
    const flows = [...(this.#remotes.get(topic)?.publishers.values() ?? [])];
    return flows.find(({ refusal }) => refusal !== undefined)?.refusal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients.values()) client[Symbol.dispose]();
    this.#clients.clear();
    await (await this.#server)?.[Symbol.asyncDispose]();
  }

  /** Asks the publishers for what the ports of the topic want now. */
  #ask(topic: Topic): void {
    const remote = this.#remotes.get(topic);
    const { need } = topic;
    if (remote === undefined || need === undefined || sameQos(remote.qos, need)) return;
    remote.qos = need;
    for (const flow of remote.publishers.values()) flow.ask(need);
  }

  async #open(path: string): Promise<DataServer> {
    const server = new DataServer(path, {
      topicFor: (request) => this.#topic(request.topic, request.messageName, request.qos.latched === true),
      onLeft: (topic) => this.#dropUnused(topic),
      shared: this.#shared,
      log: this.#log,
    });
    await server.listen();
    return server;
  }

  /** Forgets a topic that nobody has, here or elsewhere. */
  #dropUnused(topic: Topic): void {
    if (topic.isUsed || this.#own.has(topic)) return;
    if (this.#topics.get(topic.name) === topic) this.#topics.delete(topic.name);
    void this.#server?.then((server) => server.forget(topic));
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
