import type { DeepReadonly } from "../deep-readonly.ts";
import { type Qos, type SubscribeOptions, waitingDepth } from "../qos.ts";
import { Backlog } from "./backlog.ts";
import { monotonicMs, NOT_STAMPED, type Sink } from "./delivery.ts";
import { RateLimit } from "./rate-limit.ts";
import type { Lent } from "./shared/lent.ts";

/** Messages that may wait for a `keep: "all"` subscriber before its publisher is held back. */
const ALL_HIGH_WATER = 64;
/** The age of one message in so many is measured. */
const AGE_SAMPLE = 16;

export interface EdgeCounters {
  delivered: number;
  /** A newer message took the place of a waiting one, or the queue was full. */
  droppedOverrun: number;
  droppedAge: number;
  droppedRate: number;
  /** From publication to delivery, milliseconds, of the last message that was sampled; undefined before the first. */
  ageMs: number | undefined;
}

export type Subscriber<T> = (message: DeepReadonly<T>) => unknown;

interface Waiting<T> {
  readonly message: DeepReadonly<T> | undefined;
  readonly publishedMs: number;
  /** Where the message is instead, if it is not to be copied. */
  readonly lent: Lent | undefined;
}

/**
 * One subscription: calls its subscriber, one message at a time, and keeps what arrives meanwhile as its QoS says.
 * A subscriber that returns a promise is busy until that settles. Its errors go to `onError` and nowhere else.
 */
export class Edge<T = unknown> implements Sink {
  readonly counters = noCounters();
  readonly #subscriber: Subscriber<T>;
  readonly #qos: Qos & SubscribeOptions;
  readonly #rate: RateLimit | undefined;
  readonly #onError: (error: unknown) => void;
  /** Of a subscriber that keeps all. */
  readonly #backlog: Backlog | undefined;
  #waiting: Waiting<T>[] = [];
  #room: PromiseWithResolvers<void> | undefined;
  #busy = false;
  #closed = false;

  /** @param onOverrun its publishers do not wait, and what they publish from now on is lost to it */
  constructor(
    subscriber: Subscriber<T>,
    qos: Qos & SubscribeOptions,
    onError: (error: unknown) => void,
    onOverrun: () => void = noop,
  ) {
    this.#subscriber = subscriber;
    this.#qos = qos;
    this.#rate = qos.maxRateHz === undefined ? undefined : new RateLimit(qos.maxRateHz);
    this.#onError = onError;
    this.#backlog = qos.keep === "all" ? new Backlog(onOverrun) : undefined;
  }

  /** What its subscription asks for. */
  get need(): Qos {
    return this.#qos;
  }

  /** It has to know when each message was published. */
  get needsTime(): boolean {
    return this.#qos.maxAgeMs !== undefined;
  }

  /** Its subscriber borrows messages. */
  get isLoan(): boolean {
    return this.#qos.loan === true;
  }

  push(message: unknown, publishedMs: number): void | Promise<void> {
    if (this.#closed || (this.#rate !== undefined && this.#isTooFrequent(publishedMs))) return undefined;
    if (this.#busy) return this.#keep({ message: message as DeepReadonly<T>, publishedMs, lent: undefined });
    this.#run(message as DeepReadonly<T>, publishedMs, undefined);
    return undefined;
  }

  pushLent(lent: Lent, publishedMs: number): void | Promise<void> {
    if (!this.isLoan) return this.push(lent.stable, publishedMs);
    if (this.#closed || this.#isTooFrequent(publishedMs)) return undefined;
    lent.hold();
    if (this.#busy) return this.#keep({ message: undefined, publishedMs, lent });
    this.#run(undefined, publishedMs, lent);
    return undefined;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Keeps what comes, as its QoS says, for the edge that adopts it. */
  park(): this {
    this.#busy = true;
    return this;
  }

  /** Delivers first what a parked edge has kept. */
  adopt(parked: Edge<T>): void {
    this.#waiting = parked.#waiting.splice(0);
    parked.close();
    if (this.#backlog === undefined) while (this.#waiting.length > waitingDepth(this.#qos)) this.#drop();
    else for (const { message } of this.#waiting) this.#backlog.admit(message);
    this.#busy = true;
    this.#resume();
  }

  /** Drops what waits. */
  discard(): void {
    this.counters.droppedAge += this.#waiting.length;
    for (const { message, lent } of this.#waiting.splice(0)) {
      this.#backlog?.leave(message);
      lent?.giveBack();
    }
    this.#releaseRoom();
  }

  /** Nothing is delivered after this returns. */
  close(): void {
    this.#closed = true;
    for (const { lent } of this.#waiting.splice(0)) lent?.giveBack();
    this.#releaseRoom();
  }

  #isTooFrequent(publishedMs: number): boolean {
    if (this.#rate === undefined) return false;
    if (this.#rate.allows(publishedMs === NOT_STAMPED ? monotonicMs() : publishedMs)) return false;
    this.counters.droppedRate++;
    return true;
  }

  #keep(waiting: Waiting<T>): void | Promise<void> {
    if (this.#backlog?.admit(waiting.message) === false) {
      waiting.lent?.giveBack();
      this.counters.droppedOverrun++;
      return this.#untilRoom();
    }
    this.#waiting.push(waiting);
    if (this.#backlog !== undefined) return this.#waiting.length < ALL_HIGH_WATER ? undefined : this.#untilRoom();
    if (this.#waiting.length > waitingDepth(this.#qos)) {
      this.#drop();
    }
    return undefined;
  }

  /** One promise for all that wait: who does not await it shall not cost anything. */
  #untilRoom(): Promise<void> {
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  #drop(): void {
    this.#waiting.shift()?.lent?.giveBack();
    this.counters.droppedOverrun++;
  }

  #run(message: DeepReadonly<T> | undefined, publishedMs: number, lent: Lent | undefined): void {
    this.#busy = true;
    const pending =
      lent === undefined ? this.#call(message as DeepReadonly<T>, publishedMs) : this.#lend(lent, publishedMs);
    if (pending !== undefined) void pending.then(() => this.#resume());
    else if (this.#waiting.length > 0) this.#resume();
    else this.#busy = false;
  }

  #resume(): void {
    while (!this.#closed) {
      const next = this.#take();
      if (next === undefined) break;
      const { message, publishedMs, lent } = next;
      const pending =
        lent === undefined ? this.#call(message as DeepReadonly<T>, publishedMs) : this.#lend(lent, publishedMs);
      if (pending === undefined) continue;
      void pending.then(() => this.#resume());
      return;
    }
    this.#busy = false;
  }

  /** Like `#call`, for a message that is given back afterwards. */
  #lend(lent: Lent, publishedMs: number): Promise<void> | undefined {
    const onExpired = (error: unknown) => this.#onError(error);
    let pending: Promise<void> | undefined;
    try {
      pending = this.#call(lent.borrow(onExpired) as DeepReadonly<T>, publishedMs);
    } catch (error) {
      this.#onError(error);
    }
    if (pending === undefined) lent.giveBack(onExpired);
    return pending?.then(() => lent.giveBack(onExpired));
  }

  #take(): Waiting<T> | undefined {
    const next = this.#waiting.shift();
    if (next !== undefined) this.#backlog?.leave(next.message);
    if (this.#waiting.length < ALL_HIGH_WATER / 2) this.#releaseRoom();
    return next;
  }

  #releaseRoom(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** Returns a promise that never rejects when the subscriber is asynchronous. */
  #call(message: DeepReadonly<T>, publishedMs: number): Promise<void> | undefined {
    if (publishedMs !== NOT_STAMPED && this.#isTooOld(publishedMs)) return undefined;
    this.counters.delivered++;
    try {
      const result = this.#subscriber(message);
      if (result === undefined || !isThenable(result)) return undefined;
      return Promise.resolve(result).then(noop, this.#onError);
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }

  #isTooOld(publishedMs: number): boolean {
    const { maxAgeMs } = this.#qos;
    if (maxAgeMs === undefined && this.counters.delivered % AGE_SAMPLE !== 0) return false;
    const ageMs = monotonicMs() - publishedMs;
    if (maxAgeMs !== undefined && ageMs > maxAgeMs) {
      this.counters.droppedAge++;
      return true;
    }
    this.counters.ageMs = ageMs;
    return false;
  }
}

export function noCounters(): EdgeCounters {
  return { delivered: 0, droppedOverrun: 0, droppedAge: 0, droppedRate: 0, ageMs: undefined };
}

export function addCounters(sum: EdgeCounters, other: Readonly<EdgeCounters>): void {
  sum.delivered += other.delivered;
  sum.droppedOverrun += other.droppedOverrun;
  sum.droppedAge += other.droppedAge;
  sum.droppedRate += other.droppedRate;
  sum.ageMs = other.ageMs ?? sum.ageMs;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function noop(): void {}
