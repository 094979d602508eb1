import { encode } from "@dimos/rpc";
import { MemoryFaultError } from "../errors.ts";
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
/** So often a subscription gets a mailbox in new memory when one cannot be right; then its messages stay on the socket. */
const MAX_RENEWALS = 3;

interface SubscriptionOptions {
  readonly qos: Qos;
  readonly writer: FrameWriter;
  readonly memory: TopicMemory;
  readonly onError: (error: unknown) => void;
  /** It keeps all, and publishers that do not wait are too far ahead of it. */
  readonly onOverrun: () => void;
  /** What stands in shared memory cannot be right. `isLast`: no other is tried, large messages go over the socket. */
  readonly onFault: (error: unknown, isLast: boolean) => void;
}

interface Waiting {
  readonly outgoing: Outgoing;
  /** Settles the promise of its publisher, which a subscriber that keeps all holds back. */
  readonly sent: ((room?: Promise<void>) => void) | undefined;
}

/**
 * One subscriber in another process, as the publisher sees it. While its socket is full, or it holds all the memory that
 * it may, messages wait or are replaced as its QoS says. One that keeps all also holds back the publishers that await
 * `publish`, until it has taken what it got.
 */
export class RemoteSubscription implements RemoteSink {
  readonly counters = noRemoteCounters();
  readonly #id: number;
  readonly #options: SubscriptionOptions;
  readonly #leases: SlotLeases;
  #qos: Qos;
  #rate: RateLimit | undefined;
  #backlog: Backlog | undefined;
  #topic: Topic | undefined;
  #waiting: Waiting[] = [];
  #overrun: PromiseWithResolvers<void> | undefined;
  /** For publishers that are as far ahead of the subscriber as they may be. */
  #taken: PromiseWithResolvers<void> | undefined;
  #untakenMessages = 0;
  #untakenBytes = 0;
  /** RESET was sent: until the subscriber has answered, what it says is of the mailbox that is no more. */
  #isResetting = false;
  #faults = 0;
  /** LOOK was sent, and not answered. */
  #isLooking = false;
  /** The last message of a latched stream, while the subscriber has not got it for its rate. */
  #withheld: Outgoing | undefined;
  readonly #linger = new Linger();
  readonly #nextTurn = new NextTurn(() => this.flush());

  constructor(id: number, options: SubscriptionOptions) {
    this.#id = id;
    this.#options = options;
    const { writer, memory, qos } = options;
    this.#qos = qos;
    this.#rate = rateOf(qos);
    this.#backlog = this.#backlogOf(qos);
    this.#leases = new SlotLeases({
      isLatest: qos.keep === "latest",
      onOffer: (offer) => writer.frame(encodeFrame(FRAME.segment, id, encode(offer, { root: "segment" }))),
      onOpen: (segment) => writer.frame(encodeFrame(FRAME.open, id, [segment])),
      onBell: () => this.#ring(),
      onFull: () => memory.full(),
      onExhausted: () => memory.renew(),
    });
  }

  /** Its memory was at fault too often: large messages go over the socket. */
  get isWithoutMemory(): boolean {
    return this.#faults > MAX_RENEWALS;
  }

  get wantsLast(): boolean {
    return this.#qos.latched !== false;
  }

  open(topic: Topic): void {
    this.#topic = topic;
    topic.addRemote(this);
  }

  /** The subscriber asks for something else from now on. What waits still waits, as far as the new QoS keeps it. */
  ask(qos: Qos): void {
    const isOtherRate = qos.maxRateHz !== this.#qos.maxRateHz;
    this.#qos = qos;
    this.#leases.isLatest = qos.keep === "latest";
    if (this.#topic?.latched === false && qos.latched === true) this.#topic.latched = true;
    if (qos.keep !== "all") this.#keepLess();
    else if (this.#backlog === undefined) {
      this.#backlog = this.#backlogOf(qos);
      for (const { outgoing } of this.#waiting) this.#backlog?.admit(outgoing.message);
    }
    if (isOtherRate) {
      this.#rate = rateOf(qos);
      if (this.#withheld !== undefined) void this.push(this.#withheld);
    }
    this.flush();
  }

  push(outgoing: Outgoing): void | Promise<void> {
    this.#withheld = undefined;
    if (this.#rate !== undefined && !this.#rate.allows(outgoing.publishedMs)) {
      if (this.#topic?.latched === true) this.#withheld = outgoing;
      this.counters.droppedRate++;
      return undefined;
    }
    let wait: void | Promise<void>;
    if (this.#waiting.length > 0 || !this.#hasRoom()) wait = this.#keep(outgoing);
    else {
      this.#send(outgoing);
      if (!this.#isAhead) return undefined;
      wait = this.#untilTaken();
    }
    this.#needRoom();
    return wait;
  }

  /** The socket takes bytes again, or the subscriber has given something back. */
  flush(): void {
    this.#flush();
    this.#needRoom();
  }

  #keep(outgoing: Outgoing): void | Promise<void> {
    if (this.#backlog?.admit(outgoing.message) === false) {
      this.counters.droppedOverrun++;
      return this.#untilRoom();
    }
    outgoing.keep();
    if (this.#backlog !== undefined) return new Promise<void>((sent) => this.#waiting.push({ outgoing, sent }));
    this.#waiting.push({ outgoing, sent: undefined });
    this.#trim();
    return undefined;
  }

  #trim(): void {
    const depth = waitingDepth(this.#qos);
    for (; this.#waiting.length > depth; this.#waiting.shift()) this.counters.droppedOverrun++;
  }

  /** It does not keep all any more, and holds nobody back. */
  #keepLess(): void {
    this.#backlog = undefined;
    this.#release();
    this.#waiting = this.#waiting.map(({ outgoing }) => ({ outgoing, sent: undefined }));
    this.#trim();
  }

  /** Sends what waits while there is room. Returns whether there was any. */
  #flush(): boolean {
    const hadRoom = this.#hasRoom();
    while (this.#waiting.length > 0 && this.#hasRoom()) {
      const { outgoing, sent } = this.#waiting.shift() as Waiting;
      this.#backlog?.leave(outgoing.message);
      if (this.#isTooOld(outgoing)) this.counters.droppedAge++;
      else this.#send(outgoing);
      this.#linger.came(performance.now());
      const room = this.#isAhead ? this.#untilTaken() : undefined;
      sent?.(room);
      this.#overrun?.resolve(room);
      this.#overrun = undefined;
    }
    if (this.#isAhead) return false;
    this.#taken?.resolve();
    this.#taken = undefined;
    return hadRoom;
  }

  /** The subscriber has taken so much. */
  took(messages: number, bytes: number): void {
    if (this.#isResetting) return;
    this.#untakenMessages = Math.max(0, this.#untakenMessages - messages);
    this.#untakenBytes = Math.max(0, this.#untakenBytes - bytes);
    this.flush();
  }

  /** The subscriber can use a segment it was offered, or not. */
  mapped(segment: number, isMapped: boolean): void {
    if (!this.#isResetting) this.#leases.mapped(segment, isMapped);
  }

  released(segment: number, slot: number): void {
    if (this.#isResetting) return;
    this.#leases.giveBack(segment, slot);
    this.flush();
  }

  /** The subscriber tells of room, or has looked. */
  room(): void {
    this.#isLooking = false;
    this.flush();
  }

  /**
   * Called now and then: finds what no bell tells of, because a word of the mailbox was written over. A subscriber that
   * could read and has not is told over the socket, which is as cheap for one that is only slow.
   */
  look(): void {
    this.flush();
    const stalled = this.#leases.stalled();
    if (this.#isLooking || stalled.length === 0 || this.#options.writer.isFull) return;
    this.#isLooking = true;
    for (const { ring, posted } of stalled)
      this.#options.writer.frame(encodeFrame(FRAME.look, this.#id, [ring.offer.segment, posted]));
  }

  /**
   * What stands in the mailbox cannot be right, as found on either side. From here on messages go over the socket, until
   * the subscriber has mapped another segment. What it still reads in this one stays: nothing is written there any more.
   */
  fault(error: unknown): void {
    if (this.#isResetting || this.#leases.mailbox === undefined) return;
    const { writer, memory, onFault } = this.#options;
    this.#faults++;
    this.counters.memoryFaults++;
    memory.fault();
    this.#leases.reset(this.isWithoutMemory);
    this.#isResetting = true;
    this.#isLooking = false;
    this.#untakenMessages = 0;
    this.#untakenBytes = 0;
    writer.frame(encodeFrame(FRAME.reset, this.#id));
    onFault(error, this.isWithoutMemory);
  }

  /** The subscriber has forgotten the mailbox as well. */
  restarted(): void {
    this.#isResetting = false;
    this.flush();
  }

  close(): void {
    this.#topic?.removeRemote(this);
    this.#leases[Symbol.dispose]();
    this.#release();
    this.#waiting = [];
  }

  /** Holds no publisher back any more. */
  #release(): void {
    for (const { sent } of this.#waiting) sent?.();
    this.#overrun?.resolve();
    this.#overrun = undefined;
    this.#taken?.resolve();
    this.#taken = undefined;
  }

  /** One promise for all messages that had no place: they are lost, and nobody has to wait for each of them. */
  #untilRoom(): Promise<void> {
    this.#overrun ??= Promise.withResolvers<void>();
    return this.#overrun.promise;
  }

  /** One promise for all publishers. */
  #untilTaken(): Promise<void> {
    this.#taken ??= Promise.withResolvers<void>();
    return this.#taken.promise;
  }

  /** Polls briefly for room while something waits for it, then asks the subscriber to signal it. Also sees what was released before the request was visible. */
  #needRoom(): void {
    while (this.#waiting.length > 0 || this.#taken !== undefined) {
      if (this.#leases.mailbox !== undefined && this.#linger.goesOn(performance.now())) {
        this.#nextTurn.schedule();
        return;
      }
      this.#leases.needRoom();
      if (!this.#flush()) return;
    }
  }

  #hasRoom(): boolean {
    if (this.#leases.mailbox !== undefined) this.#collect();
    return !this.#options.writer.isFull && !this.#leases.isFull;
  }

  #collect(): void {
    try {
      const { messages, bytes } = this.#leases.collect();
      if (messages > this.#untakenMessages || bytes > this.#untakenBytes)
        throw new MemoryFaultError(`${messages} messages of ${bytes} bytes were taken, of ${this.#untakenMessages}`);
      this.#untakenMessages -= messages;
      this.#untakenBytes -= bytes;
    } catch (error) {
      this.fault(error);
    }
  }

  /** The subscriber keeps all, and has not taken as much as may be on its way. */
  get #isAhead(): boolean {
    if (this.#backlog === undefined) return false;
    return this.#untakenMessages >= WINDOW_MESSAGES || this.#untakenBytes >= WINDOW_BYTES;
  }

  #backlogOf({ keep }: Qos): Backlog | undefined {
    return keep === "all" ? new Backlog(this.#options.onOverrun) : undefined;
  }

  #isTooOld({ publishedMs }: Outgoing): boolean {
    const { maxAgeMs } = this.#qos;
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
    const ring = bytes < SHARE_FROM_BYTES || this.#isResetting ? undefined : memory.ringFor(bytes);
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

function rateOf({ maxRateHz }: Qos): RateLimit | undefined {
  return maxRateHz === undefined ? undefined : new RateLimit(maxRateHz);
}
