import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { decode } from "@dimos/rpc";
import type { Logger } from "../log/logger.ts";
import type { Qos } from "../qos.ts";
import { overrunText } from "./backlog.ts";
import { encodeFrame, FRAME } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { RemoteSubscription } from "./remote-subscription.ts";
import { FreshBuffers } from "./shared/fresh-buffers.ts";
import type { SharedMemory } from "./shared/shared-memory.ts";
import { TopicMemory } from "./shared/topic-memory.ts";
import type { Topic } from "./topic.ts";

/** What a subscriber in another process asks for. */
export interface SubscribeRequest {
  readonly topic: string;
  readonly messageName: string;
  readonly qos: Qos;
}

interface DataServerOptions {
  readonly topicFor: (request: SubscribeRequest) => Topic;
  readonly shared: SharedMemory;
  readonly log: Logger;
}

/** The publishing side of a process: one Unix socket that subscribers in other processes connect to. */
export class DataServer implements AsyncDisposable {
  readonly path: string;
  readonly #options: DataServerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #memories = new Map<Topic, TopicMemory>();
  readonly #server: Server;

  constructor(path: string, options: DataServerOptions) {
    this.path = path;
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async listen(): Promise<void> {
    this.#server.listen(this.path);
    await once(this.#server, "listening");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const memory of this.#memories.values()) memory[Symbol.dispose]();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const subscriptions = new Map<number, RemoteSubscription>();
    const writer = new FrameWriter(socket);
    const reader = new FrameReader((kind, subscription, bytes, start, end) => {
      if (kind === FRAME.subscribe) {
        const request = decode(bytes.subarray(start, end)) as SubscribeRequest;
        this.#subscribe(subscription, request, writer, subscriptions);
      } else take(kind, subscriptions.get(subscription), bytes.subarray(start, end));
      if (kind === FRAME.unsubscribe) subscriptions.delete(subscription);
      if (kind === FRAME.ask) writer.frame(encodeFrame(FRAME.subscribed, subscription));
    }, new FreshBuffers());
    socket.on("data", (chunk: Buffer) => {
      try {
        reader.read(chunk);
      } catch (error) {
        const text = "A subscriber sent a frame that cannot be read; its connection was closed";
        this.#options.log.warn(text, { err: error });
        socket.destroy();
      }
    });
    socket.on("drain", () => {
      for (const subscription of subscriptions.values()) subscription.flush();
    });
    // A broken connection shows as "close", which ends its subscriptions; the subscriber comes back by itself.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#sockets.delete(socket);
      for (const subscription of subscriptions.values()) subscription.close();
    });
  }

  #subscribe(
    id: number,
    request: SubscribeRequest,
    writer: FrameWriter,
    subscriptions: Map<number, RemoteSubscription>,
  ): void {
    subscriptions.get(id)?.close();
    const { log, topicFor } = this.#options;
    const topic = topicFor(request);
    const subscription = new RemoteSubscription(id, {
      qos: request.qos,
      writer,
      memory: this.#memoryOf(topic),
      onError: (error) =>
        log.error(`A message published on ${request.topic} cannot be sent to another process`, { err: error }),
      onOverrun: () => log.error(overrunText(request.topic)),
    });
    subscriptions.set(id, subscription);
    writer.frame(encodeFrame(FRAME.subscribed, id));
    subscription.open(topic);
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

/** What a subscriber says of a subscription that it has, or had. */
function take(kind: number, subscription: RemoteSubscription | undefined, body: Buffer): void {
  switch (kind) {
    case FRAME.unsubscribe:
      subscription?.close();
      break;
    case FRAME.ask:
      subscription?.ask(decode(body) as Qos);
      break;
    case FRAME.took:
      subscription?.took(body.readUInt32LE(0), body.readUInt32LE(4));
      break;
    case FRAME.mapped:
      subscription?.mapped(body.readUInt32LE(0), body.readUInt32LE(4) === 1);
      break;
    case FRAME.release:
      subscription?.released(body.readUInt32LE(0), body.readUInt32LE(4));
      break;
    case FRAME.room:
      subscription?.flush();
      break;
    default:
      throw new RangeError(`Frame of unknown kind ${kind}`);
  }
}
