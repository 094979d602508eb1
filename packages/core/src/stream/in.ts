import { MAX_TIMER_MS } from "@dimos/rpc";
import type { DeepReadonly } from "../deep-readonly.ts";
import { StreamTimeoutError } from "../errors.ts";
import type { MessageType } from "../message.ts";
import { narrowed, type Qos, type SubscribeOptions, waitingDepth, widest } from "../qos.ts";
import { both, monotonicMs, NOT_STAMPED, type Sink } from "./delivery.ts";
import { addCounters, Edge, type EdgeCounters, noCounters, type Subscriber } from "./edge.ts";
import type { Handler } from "./handler.ts";
import { LossListeners, type PathLoss } from "./path-loss.ts";
import type { Lent } from "./shared/lent.ts";
import type { Topic } from "./topic.ts";

/** How many messages of a `keep: "all"` stream wait for a module that starts: then the oldest go. */
const EARLY_DEPTH = 64;

export interface InOptions {
  readonly qos: Qos;
  /** Aborted when the module stops. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  /** A subscriber that keeps all is too far behind a publisher that does not wait for it. */
  readonly onOverrun?: (topic: string) => void;
  /** What the module expects of a message beyond what its type does: finds a fault, as the type's `check` does. */
  readonly check?: (message: unknown) => string | undefined;
  /** A message was left out, because a check found a fault in it. */
  readonly onRefused?: (topic: string, fault: string) => void;
}

/** The receiving end of a stream. */
export class In<T> implements Sink {
  readonly name: string;
  readonly type: MessageType<T>;
  readonly #options: InOptions;
  #qos: Qos;
  readonly #refusalListeners = new Set<(fault: string, message: unknown) => void>();
  readonly #losses = new LossListeners();
  readonly #isChecked: boolean;
  #refused = 0;
  #fault: string | undefined;
  /** Replaced, never changed: a delivery goes on over the list it began with. */
  #edges: readonly Edge<T>[] = [];
  readonly #ended = noCounters();
  /** Keeps what comes before the module has subscribed, until it has started. */
  #early: Edge<T> | undefined;
  #topic: Topic | undefined;
  #last: DeepReadonly<T> | undefined;
  #lastMs = NOT_STAMPED;
  /** What was published before is not delivered any more. */
  #sinceMs = NOT_STAMPED;

  constructor(name: string, type: MessageType<T>, options: InOptions) {
    this.name = name;
    this.type = type;
    this.#qos = options.qos;
    this.#options = options;
    this.#isChecked = type.check !== undefined || options.check !== undefined;
  }

  /** The wire name of the stream, `/odom`; undefined until the port is wired. */
  get topic(): string | undefined {
    return this.#topic?.name;
  }

  /** What counts for subscriptions that say nothing else: the message's, the port's, or the blueprint's. */
  get qos(): Qos {
    return this.#qos;
  }

  /**
   * @internal What the port and its subscriptions ask for together. With subscriptions, only they decide what is kept;
   * `latest()` still follows the port's age and rate.
   */
  get need(): Qos {
    if (this.#edges.length === 0) return this.#qos;
    const own: Qos = { ...this.#qos, keep: "latest" };
    return this.#edges.reduce((need, edge) => widest(need, edge.need), own);
  }

  /** The last message that arrived, or undefined. */
  latest(): DeepReadonly<T> | undefined {
    return this.#last;
  }

  /**
   * Calls `subscriber` with every message, one at a time: while one that returned a promise is busy, messages wait or
   * are dropped as the QoS in `options` says, from the publisher on. A field that is left out or undefined is as the
   * port says. With `loan: true`, what came through shared memory is not copied, and valid until the subscriber returns
   * or its promise settles, for a second at most. A port all of whose subscriptions are loans has no `latest()` of such
   * messages. Returns an idempotent unsubscribe, after which nothing arrives.
   */
  subscribe(subscriber: Subscriber<T>, options: SubscribeOptions = {}): () => void {
    const { onError, onOverrun } = this.#options;
    const qos = narrowed(this.#qos, options);
    const edge = new Edge<T>(subscriber, qos, onError, () => onOverrun?.(this.topic ?? this.name));
    this.#edges = [...this.#edges, edge];
    if (edge.needsTime) this.#topic?.needTime();
    this.#topic?.needChanged();
    const early = this.#early;
    this.#early = undefined;
    if (early?.hasWaiting === true) edge.adopt(early);
    else if (qos.latched === true && this.#last !== undefined) {
      void edge.push(this.#last, this.#lastMs);
    }
    return () => this.#leave(edge);
  }

  /**
   * Calls `handler` with the newest message: bursts coalesce, the last one is always delivered, calls never overlap.
   * The call in flight is aborted through its signal when the handler is removed or the module stops.
   */
  handle(handler: Handler<T>, options: Pick<SubscribeOptions, "loan"> = {}): () => void {
    const removed = new AbortController();
    const signal = AbortSignal.any([removed.signal, this.#options.signal]);
    const unsubscribe = this.subscribe(
      async (message) => {
        if (signal.aborted) return;
        try {
          await handler(message, { signal });
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      },
      { ...options, keep: "latest" },
    );
    return () => {
      unsubscribe();
      removed.abort();
    };
  }

  /**
   * Calls back for every message that is left out because the `check` of its type, or one of this port, found a fault in
   * it, with the fault and the message, which may be anything: a command to an actuator that makes no sense is a reason
   * to halt, and a request wants an answer. Returns an idempotent function that ends that.
   */
  onRefused(callback: (fault: string, message: unknown) => void): () => void {
    const listener = (fault: string, message: unknown) => callback(fault, message);
    this.#refusalListeners.add(listener);
    return () => void this.#refusalListeners.delete(listener);
  }

  /**
   * Calls back when a module that publishes to this input is lost: it crashed, was restarted or was unloaded, or its process
   * was stopped (SIGSTOP) for a second. Not of publishers outside of the run. No loss is missed, however soon the module
   * runs again: its new instance starts after this was told. What it tells then may be another story, and what it asked for
   * is wanted by nobody: forget the goal that depends on it. Returns an idempotent function that ends that.
   */
  onSourceLost(callback: (loss: PathLoss) => void): () => void {
    return this.#losses.add(callback);
  }

  /** The next message that arrives. Rejects after `timeoutMs` (default: waits for ever), on abort, and when the module stops. */
  next(options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {}): Promise<DeepReadonly<T>> {
    const signals = [this.#options.signal, ...(options.signal === undefined ? [] : [options.signal])];
    return new Promise((resolve, reject) => {
      let isSettled = false;
      let unsubscribe: (() => void) | undefined;
      const settle = (finish: () => void) => {
        isSettled = true;
        clearTimeout(timer);
        unsubscribe?.();
        for (const signal of signals) signal.removeEventListener("abort", onAbort);
        finish();
      };
      const onAbort = (event: Event) => settle(() => reject((event.target as AbortSignal).reason));
      const refusedBefore = this.#refused;
      const onTimeout = () => {
        const refused = { count: this.#refused - refusedBefore, fault: this.#fault };
        settle(() => reject(new StreamTimeoutError(this.name, options.timeoutMs ?? 0, refused)));
      };
      const timer =
        options.timeoutMs === undefined ? undefined : setTimeout(onTimeout, Math.min(options.timeoutMs, MAX_TIMER_MS));
      unsubscribe = this.subscribe((message) => settle(() => resolve(message)), { latched: false });
      const aborted = signals.find((signal) => signal.aborted);
      if (isSettled) unsubscribe();
      else if (aborted !== undefined) settle(() => reject(aborted.reason));
      else for (const signal of signals) signal.addEventListener("abort", onAbort);
    });
  }

  /** Messages one by one, kept as the port's QoS says while the loop is busy. Ends when the module stops. */
  async *[Symbol.asyncIterator](): AsyncGenerator<DeepReadonly<T>, void, undefined> {
    let wake: (() => void) | undefined;
    let release: (() => void) | undefined;
    const waiting: { readonly message: DeepReadonly<T>; readonly sinceMs: number }[] = [];
    const stopped = () => wake?.();
    const { signal } = this.#options;
    // The subscriber is busy until the loop is done with its message, so that the edge keeps and drops what arrives meanwhile.
    const unsubscribe = this.subscribe((message) => {
      waiting.push({ message, sinceMs: this.#sinceMs });
      wake?.();
      return new Promise<void>((done) => {
        release = done;
      });
    });
    signal.addEventListener("abort", stopped);
    try {
      while (!signal.aborted) {
        const next = waiting.shift();
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        if (next.sinceMs === this.#sinceMs) yield next.message;
        // Only now: what waits meanwhile is kept, replaced and dropped by its age when it is its turn, as for `subscribe`.
        release?.();
      }
    } finally {
      signal.removeEventListener("abort", stopped);
      unsubscribe();
      release?.();
    }
  }

  /** What happened to the messages of each subscription. */
  get counters(): readonly Readonly<EdgeCounters>[] {
    return this.#edges.map((edge) => edge.counters);
  }

  /** What happened to the messages of all subscriptions, those that have ended included. */
  get total(): Readonly<EdgeCounters> {
    const sum = { ...this.#ended };
    for (const { counters } of this.#edges) addCounters(sum, counters);
    return sum;
  }

  /** How many messages were left out because a check found a fault in them. */
  get refused(): number {
    return this.#refused;
  }

  /** Why the newest message was left out; undefined when it was not. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** @internal Called by the topic. */
  push(message: unknown, publishedMs: number): void | Promise<void> {
    if (publishedMs < this.#sinceMs && this.#isOver(publishedMs)) return undefined;
    if (this.#isChecked && this.#isRefused(message)) return undefined;
    this.#last = message as DeepReadonly<T>;
    this.#lastMs = publishedMs;
    if (this.#early !== undefined) return this.#early.push(message, publishedMs);
    const edges = this.#edges;
    if (edges.length === 1) return (edges[0] as Edge<T>).push(message, publishedMs);
    let wait: Promise<void> | undefined;
    for (const edge of edges) wait = both(wait, edge.push(message, publishedMs));
    return wait;
  }

  /** @internal Called by the topic. */
  pushLent(lent: Lent, publishedMs: number): void | Promise<void> {
    if (publishedMs < this.#sinceMs && this.#isOver(publishedMs)) return undefined;
    if (this.#isChecked && this.#isRefused(lent.stable)) return undefined;
    const isBorrowed = this.#edges.length > 0 && this.#edges.every((edge) => edge.isLoan);
    if (!isBorrowed) this.#last = lent.stable as DeepReadonly<T>;
    this.#lastMs = publishedMs;
    if (this.#early !== undefined) return this.#early.push(lent.stable, publishedMs);
    let wait: Promise<void> | undefined;
    for (const edge of this.#edges) wait = both(wait, edge.pushLent(lent, publishedMs));
    return wait;
  }

  /** @internal Called by the worker. */
  loseSource(loss: PathLoss): void {
    this.#losses.tell(loss);
  }

  /** @internal Wired by the worker. */
  attach(topic: Topic | undefined, qos: Qos = this.#qos): void {
    this.#qos = qos;
    if (topic === this.#topic) {
      topic?.needChanged();
      return;
    }
    this.#topic?.removePort(this);
    this.#topic = topic;
    topic?.addPort(this);
    if (this.#edges.some((edge) => edge.needsTime)) topic?.needTime();
  }

  /**
   * @internal Commands of before do not count any more: drops what waits, what is still on its way, what is the latest,
   * and what a latched stream would tell again.
   */
  discard(): void {
    this.#sinceMs = monotonicMs();
    this.#last = undefined;
    this.#early?.discard();
    for (const edge of this.#edges) edge.discard();
  }

  /** @internal What comes from now on waits for the module's first subscription, until it has started. */
  holdEarly(): void {
    if (this.#edges.length > 0) return;
    const depth = this.#qos.keep === "all" ? EARLY_DEPTH : waitingDepth(this.#qos);
    this.#early ??= new Edge<T>(noop, { keep: "queue", depth }, this.#options.onError).park();
  }

  /** @internal The module has started: what it has not subscribed to by now, it does not get. */
  dropEarly(): void {
    this.#early = undefined;
  }

  /** What is not stamped has not been on its way. */
  #isOver(publishedMs: number): boolean {
    if (publishedMs === NOT_STAMPED) return false;
    this.#ended.droppedAge++;
    return true;
  }

  #isRefused(message: unknown): boolean {
    const { check, onRefused, onError } = this.#options;
    const fault = this.type.check?.(message as DeepReadonly<T>) ?? check?.(message);
    this.#fault = fault;
    if (fault === undefined) return false;
    this.#refused++;
    onRefused?.(this.topic ?? this.name, fault);
    for (const listener of [...this.#refusalListeners]) {
      try {
        listener(fault, message);
      } catch (error) {
        onError(error);
      }
    }
    return true;
  }

  #leave(edge: Edge<T>): void {
    edge.close();
    if (!this.#edges.includes(edge)) return;
    this.#edges = this.#edges.filter((other) => other !== edge);
    addCounters(this.#ended, edge.counters);
    this.#topic?.needChanged();
  }
}

function noop(): void {}
