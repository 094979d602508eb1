import type { Socket } from "node:net";
import { decode } from "@dimos/rpc";
import { MemoryFaultError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import { overrunText } from "./backlog.ts";
import { encodeFrame, FRAME } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { RemoteSubscription } from "./remote-subscription.ts";
import { FreshBuffers } from "./shared/fresh-buffers.ts";
import type { TopicMemory } from "./shared/topic-memory.ts";
import { checkedQos, checkedRequest, type ReceivedRequest, type SubscribeRequest } from "./subscribe-request.ts";
import type { Topic } from "./topic.ts";

/** Subscriptions of one process at one publisher. Each costs some kilobytes there, also of a stream that nobody has. */
export const MAX_SUBSCRIPTIONS = 4096;

export interface ConnectionOptions {
  readonly topicFor: (request: SubscribeRequest) => Topic;
  readonly memoryOf: (topic: Topic) => TopicMemory;
  /** One subscription less is on it. */
  readonly onLeft: (topic: Topic) => void;
  readonly log: Logger;
}

interface Opened {
  readonly subscription: RemoteSubscription;
  readonly topic: Topic;
}

/** A subscribing process, as the publisher sees it: one connection to its data socket. */
export class DataConnection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #writer: FrameWriter;
  readonly #subscriptions = new Map<number, Opened>();

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#options = options;
    this.#socket = socket;
    this.#writer = new FrameWriter(socket);
    const reader = new FrameReader(
      (kind, id, bytes, start, end) => this.#take(kind, id, bytes.subarray(start, end)),
      new FreshBuffers(),
    );
    socket.on("data", (chunk: Buffer) => this.#read(reader, chunk));
    socket.on("drain", () => {
      for (const { subscription } of this.#subscriptions.values()) subscription.flush();
    });
    // A broken connection shows as "close", which ends its subscriptions; the subscriber comes back by itself.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      for (const id of [...this.#subscriptions.keys()]) this.#unsubscribe(id);
    });
  }

  /** To be called now and then: finds subscriptions that no bell wakes. */
  look(): void {
    for (const { subscription } of this.#subscriptions.values()) subscription.look();
  }

  #read(reader: FrameReader, chunk: Buffer): void {
    try {
      reader.read(chunk);
    } catch (error) {
      const text = "A subscriber sent a frame that cannot be read; its connection was closed";
      this.#options.log.warn(text, { err: error });
      this.#socket.destroy();
    }
  }

  /** What a subscriber says of a subscription that it has, had, or wants. */
  #take(kind: number, id: number, body: Buffer): void {
    const subscription = this.#subscriptions.get(id)?.subscription;
    switch (kind) {
      case FRAME.subscribe:
        this.#subscribe(id, checkedRequest(decode(body)));
        break;
      case FRAME.unsubscribe:
        this.#unsubscribe(id);
        break;
      case FRAME.ask:
        subscription?.ask(checkedQos(decode(body)));
        this.#writer.frame(encodeFrame(FRAME.subscribed, id));
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
        subscription?.room();
        break;
      case FRAME.fault:
        subscription?.fault(new MemoryFaultError("its subscriber says so"));
        break;
      case FRAME.restarted:
        subscription?.restarted();
        break;
      default:
        throw new RangeError(`Frame of unknown kind ${kind}`);
    }
  }

  #subscribe(id: number, request: ReceivedRequest): void {
    this.#unsubscribe(id);
    const { log, topicFor, memoryOf } = this.#options;
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      this.#writer.frame(encodeFrame(FRAME.refused, id, [MAX_SUBSCRIPTIONS]));
      return;
    }
    const topic = topicFor(request);
    const { pid } = request;
    const subscription = new RemoteSubscription(id, {
      qos: request.qos,
      writer: this.#writer,
      memory: memoryOf(topic),
      onError: (error) =>
        log.error(`A message published on ${request.topic} cannot be sent to another process`, { err: error }),
      onOverrun: () => log.error(overrunText(request.topic)),
      onFault: (error, isLast) => {
        const next = isLast ? "its large messages go over the socket from now on" : "it gets other memory";
        log.warn(`Shared memory of ${request.topic} with process ${pid} cannot be right; ${next}`, { err: error });
      },
    });
    this.#subscriptions.set(id, { subscription, topic });
    this.#writer.frame(encodeFrame(FRAME.subscribed, id));
    subscription.open(topic);
  }

  #unsubscribe(id: number): void {
    const opened = this.#subscriptions.get(id);
    if (opened === undefined) return;
    this.#subscriptions.delete(id);
    opened.subscription.close();
    this.#options.onLeft(opened.topic);
  }
}
