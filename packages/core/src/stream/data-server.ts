import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { Logger } from "../log/logger.ts";
import { DataConnection } from "./data-connection.ts";
import type { SharedMemory } from "./shared/shared-memory.ts";
import { TopicMemory } from "./shared/topic-memory.ts";
import type { SubscribeRequest } from "./subscribe-request.ts";
import type { Topic } from "./topic.ts";

/** How often mailboxes are looked at that nothing is heard of: a stream whose wake-up is lost goes on within two of these. */
const LOOK_MS = 500;

interface DataServerOptions {
  readonly topicFor: (request: SubscribeRequest) => Topic;
  /** One subscription less is on it. */
  readonly onLeft: (topic: Topic) => void;
  readonly shared: SharedMemory;
  readonly log: Logger;
}

/** The publishing side of a process: one Unix socket that subscribers in other processes connect to. */
export class DataServer implements AsyncDisposable {
  readonly path: string;
  readonly #options: DataServerOptions;
  readonly #connections = new Map<Socket, DataConnection>();
  readonly #memories = new Map<Topic, TopicMemory>();
  readonly #server: Server;
  #looking: NodeJS.Timeout | undefined;

  constructor(path: string, options: DataServerOptions) {
    this.path = path;
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async listen(): Promise<void> {
    this.#server.listen(this.path);
    await once(this.#server, "listening");
    this.#looking = setInterval(() => {
      for (const connection of this.#connections.values()) connection.look();
    }, LOOK_MS).unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#looking);
    for (const socket of this.#connections.keys()) socket.destroy();
    for (const memory of this.#memories.values()) memory[Symbol.dispose]();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Nobody has the topic any more. */
  forget(topic: Topic): void {
    this.#memories.get(topic)?.[Symbol.dispose]();
    this.#memories.delete(topic);
  }

  #accept(socket: Socket): void {
    const { topicFor, onLeft, log } = this.#options;
    const connection = new DataConnection(socket, {
      topicFor,
      memoryOf: (topic) => this.#memoryOf(topic),
      onLeft,
      log,
    });
    this.#connections.set(socket, connection);
    socket.on("close", () => this.#connections.delete(socket));
  }

  #memoryOf(topic: Topic): TopicMemory {
    let memory = this.#memories.get(topic);
    if (memory === undefined) {
      memory = new TopicMemory(topic, this.#options.shared);
      this.#memories.set(topic, memory);
    }
    return memory;
  }
}
