import { connect, type Socket } from "node:net";
import { encode, MessageDecoder } from "@dimos/rpc";
import type { Logger } from "../log/logger.ts";
import type { Qos } from "../qos.ts";
import type { Arrivals } from "./arrivals.ts";
import { encodeFrame, FRAME } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { IncomingSubscription } from "./incoming-subscription.ts";
import { FreshBuffers } from "./shared/fresh-buffers.ts";
import type { SharedMemory } from "./shared/shared-memory.ts";
import type { SubscribeRequest } from "./subscribe-request.ts";

const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 1000;
const READ_BYTES = 256 * 1024;

/** A subscription at one publisher. */
export interface RemoteFlow {
  /**
   * Fulfilled once the publisher has answered to what it was asked for last, or the flow was ended; pending for as long
   * as it cannot be reached.
   */
  readonly established: Promise<void>;
  /** Why the publisher sends nothing; undefined while it does, or may. */
  readonly refusal: Error | undefined;
  /** Asks for something else from now on, and loses nothing that is on its way. */
  ask(qos: Qos): void;
  end(): void;
}

/**
 * One connection to the data socket of a publishing process, shared by all subscriptions there. It comes back by itself
 * when the publisher does, until it is closed.
 */
export class DataClient implements Disposable {
  readonly path: string;
  readonly #shared: SharedMemory;
  readonly #log: Logger;
  readonly #fresh = new FreshBuffers();
  readonly #decoder = new MessageDecoder();
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  readonly #subscriptions = new Map<number, IncomingSubscription>();
  #nextId = 1;
  #socket: Socket | undefined;
  #writer: FrameWriter | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #closed = false;

  constructor(path: string, shared: SharedMemory, log: Logger) {
    this.path = path;
    this.#shared = shared;
    this.#log = log;
    this.#connect();
  }

  get subscriptionCount(): number {
    return this.#subscriptions.size;
  }

  subscribe(request: SubscribeRequest, arrivals: Arrivals): RemoteFlow {
    const id = this.#nextId++;
    const subscription = new IncomingSubscription(id, {
      request,
      arrivals,
      shared: this.#shared,
      fresh: this.#fresh,
      decoder: this.#decoder,
      write: (frame, isUrgent) => this.#write(frame, isUrgent),
      log: this.#log,
      path: this.path,
    });
    this.#subscriptions.set(id, subscription);
    this.#write(subscribeFrame(id, request));
    return {
      get established() {
        return subscription.established;
      },
      get refusal() {
        return subscription.refusal;
      },
      ask: (qos) => subscription.ask(qos),
      end: () => this.#end(id),
    };
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#leave();
    for (const subscription of this.#subscriptions.values()) subscription.giveUp();
    this.#subscriptions.clear();
    this.#socket?.destroy();
  }

  #end(id: number): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return;
    this.#subscriptions.delete(id);
    subscription.end();
  }

  #connect(): void {
    const reader = new FrameReader(
      (kind, id, bytes, start, end) => this.#subscriptions.get(id)?.take(kind, bytes, start, end),
      this.#fresh,
    );
    const socket: Socket = connect({
      path: this.path,
      onread: {
        buffer: () => reader.target ?? this.#buffer,
        callback: (bytes, buffer) => {
          this.#read(reader, (buffer as Buffer).subarray(0, bytes));
          return true;
        },
      },
    });
    this.#socket = socket;
    socket.on("connect", () => {
      this.#writer = new FrameWriter(socket);
      this.#retryMs = FIRST_RETRY_MS;
      for (const [id, subscription] of this.#subscriptions) this.#write(subscribeFrame(id, subscription.subscribing()));
    });
    // The publisher is not there yet, or gone: "close" follows and tries again.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#writer = undefined;
      for (const subscription of this.#subscriptions.values()) subscription.disconnected();
      if (this.#closed) return;
      this.#retry = setTimeout(() => this.#connect(), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
    });
  }

  #read(reader: FrameReader, chunk: Buffer): void {
    try {
      reader.read(chunk);
    } catch (error) {
      this.#broken(error);
    }
  }

  #broken(error: unknown): void {
    this.#log.warn("A publisher sent something that cannot be read; reconnecting", { err: error, path: this.path });
    this.#leave();
    this.#socket?.destroy();
  }

  #leave(): void {
    for (const subscription of this.#subscriptions.values()) subscription.leave();
  }

  #write(frame: Buffer, isUrgent = false): void {
    this.#writer?.frame(frame);
    if (isUrgent) this.#writer?.flush();
  }
}

function subscribeFrame(id: number, request: SubscribeRequest): Buffer {
  return encodeFrame(FRAME.subscribe, id, encode({ ...request, pid: process.pid }, { root: "subscription" }));
}
