import { types } from "node:util";
import {
  CallAbortedError,
  CallerSilentError,
  ConnectionLostError,
  FrameError,
  InvalidArgumentError,
  NoSuchMethodError,
  NoSuchTopicError,
} from "../errors.ts";
import { type ClientFrame, encodeServerFrame } from "../frames.ts";
import { didYouMean } from "../suggest.ts";
import { answerFrame, failureFrame } from "./answer.ts";
import { Call, type CallContext } from "./call.ts";
import { CallerWatch } from "./caller-watch.ts";
import type { Peer } from "./peer.ts";
import type { Incoming } from "./pipe.ts";

/** Topics that one client may subscribe to. Where any name is a topic, each would be kept. */
export const MAX_TOPICS = 1024;

/** Answers one call; what it returns or resolves to is the result, what it throws is the error. */
export type RpcHandler = (args: readonly unknown[], context: CallContext) => unknown;

/** Methods by name. The owner may add and delete while serving; nothing else is ever looked up by a name. */
export type RpcMethods = ReadonlyMap<string, RpcHandler>;

/** Names by membership: what a client may subscribe to. */
export interface Topics extends Iterable<string> {
  has(topic: string): boolean;
}

export interface SessionOptions {
  readonly methods: RpcMethods;
  readonly topics?: Topics | undefined;
  readonly maxPayloadBytes: number;
  /** A notification has nobody who waits for its error. */
  readonly onError?: ((error: unknown, method: string) => void) | undefined;
}

/** A client and its calls, from its connection to its end. */
export class Session {
  readonly #peer: Peer;
  readonly #options: SessionOptions;
  readonly #calls = new Map<number, Call>();
  readonly #notifications = new Set<Call>();
  readonly #topics = new Set<string>();
  readonly #watch: CallerWatch;

  constructor(peer: Peer, options: SessionOptions) {
    this.#peer = peer;
    this.#watch = new CallerWatch(peer);
    this.#options = options;
  }

  get peer(): Peer {
    return this.#peer;
  }

  get calls(): number {
    return this.#calls.size + this.#notifications.size;
  }

  /** The frame to answer with, if the incoming one is answered. Never throws or rejects. */
  handle(frame: Incoming): Buffer | undefined | Promise<Buffer> {
    this.#peer.calls = this.calls;
    this.#peer.cork();
    switch (frame.kind) {
      case "call":
        return this.#call(frame);
      case "notify":
        this.#notify(frame.method, frame.args);
        return undefined;
      case "abort":
        this.#calls.get(frame.id)?.abort(new CallAbortedError("The call"));
        return undefined;
      case "here":
        this.#watch.answer(frame.question);
        return undefined;
      case "subscribe":
        return this.#subscribe(frame.id, frame.topic);
      case "unsubscribe":
        this.#topics.delete(frame.topic);
        return undefined;
      case "unreadable":
        return encodeServerFrame(frame, { root: "frame" });
      default:
        return frame satisfies never;
    }
  }

  /** Sends an event, unless the client did not ask for its topic or cannot keep up. */
  publish(topic: string, frame: Buffer): void {
    if (this.#topics.has(topic)) this.#peer.sendOrDrop(frame);
  }

  /** The client is gone: nobody waits for what still runs. */
  end(reason: string): void {
    this.#watch.end();
    for (const call of [...this.#calls.values(), ...this.#notifications]) call.abort(new ConnectionLostError(reason));
    this.#topics.clear();
  }

  #call(frame: Extract<ClientFrame, { kind: "call" }>): Buffer | Promise<Buffer> {
    const { id, method } = frame;
    const { methods, maxPayloadBytes } = this.#options;
    const handler = methods.get(method);
    if (handler === undefined) return failureFrame(id, noSuchMethod(method, methods.keys()), maxPayloadBytes);
    if (this.#calls.has(id))
      return failureFrame(id, new FrameError(`call ${id} is under way already`), maxPayloadBytes);
    const call = new Call(this.#peer.clientId, frame, {
      report: (value) => this.#progress(frame, value),
      ask: (asker) => this.#watch.add(asker, id),
    });
    this.#calls.set(id, call);
    let result: unknown;
    try {
      result = handler(frame.args, call);
    } catch (error) {
      return this.#failed(id, call, error);
    }
    // Other thenables are values: to await one is to run what somebody put into it.
    if (!types.isPromise(result)) return this.#settled(id, call, answerFrame(id, result, maxPayloadBytes));
    return result.then(
      (value) => this.#settled(id, call, answerFrame(id, value, maxPayloadBytes)),
      (error: unknown) => this.#failed(id, call, error),
    );
  }

  /** A caller that was given up hears why, when it wakes up, and not in which words the method gave up. */
  #failed(id: number, call: Call, error: unknown): Buffer {
    const { silence } = call;
    const isSaid = silence === undefined || error instanceof CallerSilentError;
    const said = isSaid ? error : new CallerSilentError(silence.data.silentMs, { cause: error });
    return this.#settled(id, call, failureFrame(id, said, this.#options.maxPayloadBytes));
  }

  #settled(id: number, call: Call, frame: Buffer): Buffer {
    call.settle();
    this.#watch.remove(call);
    this.#calls.delete(id);
    this.#peer.calls = this.calls;
    return frame;
  }

  #progress(frame: Extract<ClientFrame, { kind: "call" }>, value: unknown): void {
    if (!frame.wantsProgress && frame.idleTimeoutMs === undefined) return;
    const progress = { kind: "progress", id: frame.id, value: frame.wantsProgress ? value : undefined } as const;
    this.#peer.sendOrDrop(encodeServerFrame(progress, { root: "progress", maxBytes: this.#options.maxPayloadBytes }));
  }

  #notify(method: string, args: readonly unknown[]): void {
    const handler = this.#options.methods.get(method);
    if (handler === undefined) {
      this.#options.onError?.(noSuchMethod(method, this.#options.methods.keys()), method);
      return;
    }
    const call = new Call(this.#peer.clientId, {}, { ask: (asker) => this.#watch.add(asker) });
    this.#notifications.add(call);
    const settle = () => {
      call.settle();
      this.#watch.remove(call);
      this.#notifications.delete(call);
    };
    new Promise((resolve) => resolve(handler(args, call))).then(settle, (error: unknown) => {
      settle();
      this.#options.onError?.(error, method);
    });
  }

  #subscribe(id: number, topic: string): Buffer {
    const { topics, maxPayloadBytes } = this.#options;
    if (topics?.has(topic) === false) {
      const message = `No topic named "${topic}".${didYouMean(topic, topics)}`;
      return failureFrame(id, new NoSuchTopicError(message, topic), maxPayloadBytes);
    }
    if (this.#topics.size >= MAX_TOPICS && !this.#topics.has(topic)) {
      const refusal = new InvalidArgumentError(
        "The number of topics of one client",
        `${MAX_TOPICS} at most`,
        MAX_TOPICS + 1,
      );
      return failureFrame(id, refusal, maxPayloadBytes);
    }
    this.#topics.add(topic);
    return answerFrame(id, undefined, maxPayloadBytes);
  }
}

function noSuchMethod(method: string, known: Iterable<string>): NoSuchMethodError {
  const shown = method.length > 200 ? `${method.slice(0, 200)}...` : method;
  return new NoSuchMethodError(`No method named "${shown}".${didYouMean(shown, known)}`, shown);
}
