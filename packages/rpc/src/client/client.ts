import type { Address, Endpoint } from "../endpoint.ts";
import { AccessDeniedError, CallAbortedError, ConnectionLostError, InvalidArgumentError } from "../errors.ts";
import { type ClientFrame, encodeClientFrame, type ServerFrame } from "../frames.ts";
import { Heartbeat } from "../heartbeat.ts";
import { MAX_TIMER_MS } from "../limits.ts";
import { warnProcess } from "../warn-process.ts";
import { fromWireError } from "../wire-error.ts";
import { checkCall, checkCallOptions } from "./check-call.ts";
import type { ClientOptions, ClientState, RpcClient } from "./connect.ts";
import { type CallOptions, type Deadlines, PendingCall } from "./pending.ts";
import type { ClientPipe, openPipe } from "./pipe.ts";
import { Subscriptions, type Unsubscribe } from "./subscriptions.ts";

const RECONNECT_MIN_MS = 100;
const RECONNECT_MAX_MS = 5_000;
const DEFAULT_TIMEOUT_MS = 120_000;

export class SocketClient implements RpcClient {
  readonly endpoint: Endpoint;
  readonly #address: Address;
  readonly #options: ClientOptions;
  readonly #openPipe: typeof openPipe;
  readonly #calls = new Map<number, PendingCall>();
  /** Calls that nobody waits for, though somebody wants to know how they end. */
  readonly #abandoned = new Map<number, (outcome: PromiseSettledResult<unknown>) => void>();
  readonly #listeners = new Set<(state: ClientState, reason?: Error) => void>();
  readonly #heartbeat: Heartbeat;
  readonly #subscriptions = new Subscriptions({
    ask: (topic) => this.#request("rpc.subscribe", {}, (id) => ({ kind: "subscribe", id, topic })),
    tell: (topic) => this.#send({ kind: "unsubscribe", topic }),
    onError: (error) => this.#report(error),
  });
  #state: ClientState = "connecting";
  #pipe: ClientPipe | undefined;
  #lost: Error | undefined;
  #unwatch: (() => void) | undefined;
  #lastId = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(endpoint: Endpoint, address: Address, options: ClientOptions, open: typeof openPipe) {
    this.endpoint = endpoint;
    this.#address = address;
    this.#options = options;
    this.#openPipe = open;
    this.#heartbeat = new Heartbeat(options.heartbeatMs);
  }

  get state(): ClientState {
    return this.#state;
  }

  get pending(): number {
    return this.#calls.size;
  }

  async open(signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#connect(signal);
    } catch (error) {
      this.#enter("closed");
      throw this.#named(error);
    }
  }

  call(method: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> {
    try {
      checkCall(method, args);
      checkCallOptions(options);
    } catch (error) {
      return Promise.reject(error);
    }
    const { timeoutMs, idleTimeoutMs } = this.#deadlines(options);
    const wantsProgress = options.onProgress !== undefined;
    const told = {
      ...(timeoutMs === undefined ? {} : { timeoutMs: timerMs(timeoutMs - (options.waitedMs ?? 0)) }),
      ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs: timerMs(idleTimeoutMs) }),
    };
    return this.#request(method, options, (id) => ({ kind: "call", id, method, args, wantsProgress, ...told }));
  }

  notify(method: string, args: readonly unknown[]): void {
    checkCall(method, args);
    this.#send({ kind: "notify", method, args });
  }

  subscribe(topic: string, callback: (value: unknown) => void): Unsubscribe {
    if (typeof topic !== "string") throw new InvalidArgumentError("a topic", "a string", topic);
    if (typeof callback !== "function") throw new InvalidArgumentError("a subscriber", "a function", callback);
    return this.#subscriptions.add(topic, callback);
  }

  onStateChange(callback: (state: ClientState, reason?: Error) => void): () => void {
    this.#listeners.add(callback);
    return () => void this.#listeners.delete(callback);
  }

  async close(): Promise<void> {
    const pipe = this.#pipe;
    this.#end(new ConnectionLostError("this client was closed"), "closed");
    if (pipe === undefined) return;
    const closed = new Promise((resolve) => pipe.socket.once("close", resolve));
    pipe.close();
    const late = setTimeout(() => pipe.terminate(), 250);
    await (pipe.socket.closed ? undefined : closed);
    clearTimeout(late);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #request(method: string, options: CallOptions, frameOf: (id: number) => ClientFrame): Promise<unknown> {
    const name = options.as ?? method;
    if (options.signal?.aborted === true) return later(new CallAbortedError(name, options.signal.reason));
    if (this.#pipe?.isOpen !== true) return later(this.#notConnected(name));
    this.#lastId += 1;
    const id = this.#lastId;
    let bytes: Buffer;
    try {
      bytes = encodeClientFrame(frameOf(id), this.#options.maxPayloadBytes);
    } catch (error) {
      return Promise.reject(error);
    }
    const call = new PendingCall(name, this.#deadlines(options), options, (isGivenUp) => {
      this.#calls.delete(id);
      if (!isGivenUp) return;
      this.#send({ kind: "abort", id });
      if (options.onLateOutcome !== undefined) this.#abandoned.set(id, options.onLateOutcome);
    });
    // Noted before it is sent: the answer may be here before the write is reported done.
    this.#calls.set(id, call);
    this.#pipe.send(bytes);
    return call.answer();
  }

  #deadlines({ timeoutMs, idleTimeoutMs }: CallOptions): Deadlines {
    const byDefault = timeoutMs === undefined ? (this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS) : undefined;
    return { timeoutMs, idleTimeoutMs: idleTimeoutMs ?? byDefault };
  }

  #send(frame: ClientFrame): void {
    if (this.#pipe?.isOpen === true) this.#pipe.send(encodeClientFrame(frame, this.#options.maxPayloadBytes));
  }

  #receive(frame: ServerFrame): void {
    switch (frame.kind) {
      case "answer":
        this.#calls.get(frame.id)?.resolve(frame.value);
        this.#endLate(frame.id, () => ({ status: "fulfilled", value: frame.value }));
        break;
      case "failure": {
        const errors = this.#options.errors;
        this.#calls.get(frame.id)?.reject(() => fromWireError(frame.error, errors, new Error().stack));
        this.#endLate(frame.id, () => ({ status: "rejected", reason: fromWireError(frame.error, errors) }));
        break;
      }
      case "progress": {
        const call = this.#calls.get(frame.id);
        call?.renew();
        this.#guard(() => call?.onProgress?.(frame.value));
        break;
      }
      case "ask":
        this.#send({ kind: "here", question: frame.question });
        break;
      case "asking":
        this.#guard(() => this.#calls.get(frame.id)?.asking(frame.isAsking));
        break;
      case "event":
        this.#subscriptions.deliver(frame.topic, frame.value);
        break;
      case "unreadable":
        break; // the pipe ends the connection
      default:
        frame satisfies never;
    }
  }

  #endLate(id: number, outcome: () => PromiseSettledResult<unknown>): void {
    const tell = this.#abandoned.get(id);
    if (tell === undefined) return;
    this.#abandoned.delete(id);
    this.#guard(() => tell(outcome()));
  }

  async #connect(signal?: AbortSignal): Promise<void> {
    const { token, maxPayloadBytes, connectTimeoutMs } = this.#options;
    let pipe: ClientPipe | undefined;
    pipe = await this.#openPipe(this.#address, {
      token,
      maxPayloadBytes,
      connectTimeoutMs,
      signal,
      onFrame: (frame) => this.#receive(frame),
      onLost: (error) => this.#onLost(pipe, error),
    });
    if (this.#state === "closed" || !pipe.isOpen) {
      pipe.terminate();
      throw new ConnectionLostError("The connection ended as soon as it was made");
    }
    this.#pipe = pipe;
    const { socket, ping, terminate } = pipe;
    this.#unwatch = this.#heartbeat.watch({
      socket,
      ping,
      onSilent: () => {
        this.#onLost(pipe, new ConnectionLostError(`The server was silent for ${this.#options.heartbeatMs} ms`));
        terminate();
      },
    });
    this.#enter("open");
    this.#subscriptions.askAgain();
  }

  #onLost(pipe: ClientPipe | undefined, error: Error): void {
    if (pipe === undefined || this.#pipe !== pipe) return;
    const isFinal = !this.#options.reconnect;
    this.#end(error, isFinal ? "closed" : "reconnecting");
    if (!isFinal) this.#reconnect(RECONNECT_MIN_MS);
  }

  /** Every call in flight rejects; none is ever sent again, for it may have run. */
  #end(error: Error, state: ClientState): void {
    clearTimeout(this.#retry);
    this.#unwatch?.();
    this.#pipe = undefined;
    this.#lost = error;
    this.#abandoned.clear();
    if (this.#state === "closed") return;
    const lost = this.#named(error);
    for (const call of [...this.#calls.values()]) {
      const message = `${call.method} got no answer: ${lost.message}`;
      call.reject(() => new ConnectionLostError(message, { cause: error }));
    }
    this.#enter(state, lost);
  }

  #reconnect(delayMs: number): void {
    const jitter = delayMs * (0.5 + Math.random() / 2);
    this.#retry = setTimeout(async () => {
      try {
        await this.#connect();
      } catch (error) {
        if (this.#state !== "reconnecting") return;
        if (error instanceof AccessDeniedError) this.#end(error, "closed");
        else this.#reconnect(Math.min(delayMs * 2, RECONNECT_MAX_MS));
      }
    }, jitter);
  }

  #enter(state: ClientState, reason?: Error): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) this.#guard(() => listener(state, reason));
  }

  #guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    if (this.#options.onError !== undefined) this.#options.onError(error);
    else warnProcess(error);
  }

  #notConnected(method: string): Error {
    const why = this.#lost === undefined ? "it is not open yet" : this.#lost.message;
    const message = `${method} was not sent: no connection to ${this.endpoint} (${why})`;
    return new ConnectionLostError(message, { cause: this.#lost });
  }

  #named(error: unknown): Error {
    if (error instanceof AccessDeniedError || !(error instanceof Error)) return error as Error;
    return new ConnectionLostError(`The connection to ${this.endpoint} was lost: ${error.message}`, { cause: error });
  }
}

/** The server refuses what no timer takes. */
function timerMs(timeoutMs: number): number {
  return Math.min(Math.max(1, timeoutMs), MAX_TIMER_MS);
}

/** On a later tick: a caller that tries again at once would otherwise starve the timers of the whole process. */
function later(error: Error): Promise<never> {
  return new Promise((_, reject) => setImmediate(reject, error));
}
