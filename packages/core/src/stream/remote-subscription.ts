import { encode } from "@dimos/rpc";
import { type Qos, waitingDepth } from "../qos.ts";
import { Backlog } from "./backlog.ts";
import { monotonicMs } from "./delivery.ts";
import { encodeFrame, FRAME } from "./frame.ts";
import type { FrameWriter } from "./frame-writer.ts";
import { NextTurn } from "./next-turn.ts";
import type { Outgoing } from "./outgoing.ts";
import { RateLimit } from "./rate-limit.ts";
import { Linger } from "./shared/linger.ts";
import { ENTRY } from "./shared/mailbox-layout.ts";
import { SlotLeases } from "./shared/slot-leases.ts";
import type { TopicMemory } from "./shared/topic-memory.ts";
import { noRemoteCounters, type RemoteSink, type Topic } from "./topic.ts";
import { WINDOW_BYTES, WINDOW_MESSAGES } from "./window.ts";

/** From here on messages go through shared memory, where there is any. */
const SHARE_FROM_BYTES = 32 * 1024;

interface SubscriptionOptions {
  readonly qos: Qos;
  readonly writer: FrameWriter;
  readonly memory: TopicMemory;
  readonly onError: (error: unknown) => void;
  /** It keeps all, and publishers that do not wait are too far ahead of it. */
  readonly onOverrun: () => void;
}

/**
 * One subscriber in another process, as the publisher sees it. While its socket is full, or it has not taken what it
 * got, messages wait or are replaced as its QoS says; a `keep: "all"` subscriber holds the publisher back instead.
 */
export class RemoteSubscription implements RemoteSink {
  readonly counters = noRemoteCounters();
  readonly #id: number;
  readonly #options: SubscriptionOptions;
  readonly #rate: RateLimit | undefined;
  readonly #leases: SlotLeases;
  readonly #backlog: Backlog | undefined;
  #topic: Topic | undefined;
  #waiting: Outgoing[] = [];
  #room: (() => void)[] = [];
  #overrun: PromiseWithResolvers<void> | undefined;
  #untakenMessages = 0;
  #untakenBytes = 0;
  readonly #linger = new Linger();
  readonly #nextTurn = new NextTurn(() => this.flush());

  constructor(id: number, options: SubscriptionOptions) {
    this.#id = id;
    this.#options = options;
    const { maxRateHz } = options.qos;
    this.#rate = maxRateHz === undefined ? undefined : new RateLimit(maxRateHz);
    const { writer, memory, qos } = options;
    this.#backlog = qos.keep === "all" ? new Backlog(options.onOverrun) : undefined;
    this.#leases = new SlotLeases({
      isLatest: qos.keep === "latest",
      onOffer: (offer) => writer.frame(encodeFrame(FRAME.segment, id, encode(offer, { root: "segment" }))),
      onOpen: (segment) => writer.frame(encodeFrame(FRAME.open, id, [segment])),
      onBell: () => this.#ring(),
      onFull: () => memory.full(),
      onExhausted: () => memory.renew(),
    });
  }

  open(topic: Topic): void {
    this.#topic = topic;
    topic.addRemote(this);
  }

  push(outgoing: Outgoing): void | Promise<void> {
    if (this.#rate !== undefined && !this.#rate.allows(outgoing.publishedMs)) {
      this.counters.droppedRate++;
      return undefined;
    }
    if (this.#waiting.length === 0 && this.#hasRoom()) {
      this.#send(outgoing);
      return undefined;
    }
    const wait = this.#keep(outgoing);
    this.#needRoom();
    return wait;
  }

  /** The socket takes bytes again, or the subscriber has taken something. */
  flush(): void {
    this.#flush();
    this.#needRoom();
  }

  #keep(outgoing: Outgoing): void | Promise<void> {
    const isKept = this.#backlog?.admit(outgoing.message) !== false;
    if (isKept) {
      outgoing.keep();
      this.#waiting.push(outgoing);
    } else this.counters.droppedOverrun++;
    if (this.#backlog !== undefined)
      return isKept ? new Promise((resolve) => this.#room.push(resolve)) : this.#untilRoom();
    if (this.#waiting.length > waitingDepth(this.#options.qos)) {
      this.#waiting.shift();
      this.counters.droppedOverrun++;
    }
    return undefined;
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#hasRoom()) {
      const outgoing = this.#waiting.shift() as Outgoing;
      this.#backlog?.leave(outgoing.message);
      if (this.#isTooOld(outgoing)) this.counters.droppedAge++;
      else this.#send(outgoing);
      this.#linger.came(performance.now());
      this.#room.shift()?.();
      this.#overrun?.resolve();
      this.#overrun = undefined;
    }
  }

  /** The subscriber has taken so much. */
  took(messages: number, bytes: number): void {
    this.#untakenMessages -= messages;
    this.#untakenBytes -= bytes;
    this.flush();
  }

  /** The subscriber can use a segment it was offered, or not. */
  mapped(segment: number, isMapped: boolean): void {
    this.#leases.mapped(segment, isMapped);
  }

  released(segment: number, slot: number): void {
    this.#leases.giveBack(segment, slot);
    this.flush();
  }

  close(): void {
    this.#topic?.removeRemote(this);
    this.#leases[Symbol.dispose]();
    this.#waiting = [];
    for (const resolve of this.#room.splice(0)) resolve();
    this.#overrun?.resolve();
  }

  /** One promise for all messages that had no place: nobody waits for them, or there would be none. */
  #untilRoom(): Promise<void> {
    this.#overrun ??= Promise.withResolvers<void>();
    return this.#overrun.promise;
  }

  /** Looks for room for a moment, and asks to be told of it, while something waits. What came before the subscriber could know is seen here. */
  #needRoom(): void {
    while (this.#waiting.length > 0) {
      if (this.#leases.mailbox !== undefined && this.#linger.goesOn(performance.now())) {
        this.#nextTurn.schedule();
        return;
      }
      this.#leases.needRoom();
      if (!this.#hasRoom()) return;
      this.#flush();
    }
  }

  #hasRoom(): boolean {
    const { messages, bytes } = this.#leases.collect();
    this.#untakenMessages -= messages;
    this.#untakenBytes -= bytes;
    if (this.#options.writer.isFull || this.#leases.isFull) return false;
    if (this.#options.qos.keep !== "all") return true;
    return this.#untakenMessages < WINDOW_MESSAGES && this.#untakenBytes < WINDOW_BYTES;
  }

  #isTooOld({ publishedMs }: Outgoing): boolean {
    const { maxAgeMs } = this.#options.qos;
    return maxAgeMs !== undefined && monotonicMs() - publishedMs > maxAgeMs;
  }

  #send(outgoing: Outgoing): void {
    let bytes: number;
    try {
      bytes = outgoing.bytes;
    } catch (error) {
      this.#options.onError(error);
      return;
    }
    const { writer, memory } = this.#options;
    const ring = bytes < SHARE_FROM_BYTES ? undefined : memory.ringFor(bytes);
    const address = ring === undefined ? undefined : this.#leases.lease(ring, outgoing);
    const { mailbox } = this.#leases;
    const { publishedMs } = outgoing;
    if (address === undefined) {
      // The frame is its own bell.
      mailbox?.post(ENTRY.frame, 0, bytes, publishedMs);
      writer.message(this.#id, outgoing);
    } else if (mailbox?.post(ENTRY.slot, address.slot, bytes, publishedMs, address.sequence) === true) this.#ring();
    this.counters.sent++;
    this.counters.bytes += bytes;
    this.#untakenMessages++;
    this.#untakenBytes += bytes;
  }

  /** Wakes the subscriber at once: its mailbox has something. */
  #ring(): void {
    this.#options.writer.frame(encodeFrame(FRAME.bell, this.#id));
    this.#options.writer.flush();
  }
}
