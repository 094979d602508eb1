import { decode, encode, type MessageDecoder } from "@dimos/rpc";
import { TooManySubscriptionsError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import type { Qos } from "../qos.ts";
import type { Arrivals } from "./arrivals.ts";
import { checkTime } from "./delivery.ts";
import { encodeFrame, FRAME, LARGE_FRAME_BYTES } from "./frame.ts";
import type { FreshBuffers } from "./shared/fresh-buffers.ts";
import { type FrameMessage, Inbox } from "./shared/inbox.ts";
import type { SharedMemory } from "./shared/shared-memory.ts";
import { checkedOffer, type MailboxOffer } from "./shared/slot.ts";
import { SlotReader } from "./shared/slot-reader.ts";
import type { SubscribeRequest } from "./subscribe-request.ts";
import { WINDOW_BYTES, WINDOW_MESSAGES } from "./window.ts";

/** The publisher is told after this much was taken: a quarter of what may be on its way before `publish` waits. */
const TOOK_MESSAGES = WINDOW_MESSAGES / 4;
const TOOK_BYTES = WINDOW_BYTES / 4;

interface IncomingOptions {
  readonly request: SubscribeRequest;
  readonly arrivals: Arrivals;
  readonly shared: SharedMemory;
  readonly fresh: FreshBuffers;
  readonly decoder: MessageDecoder;
  /** Sends a frame to the publisher, soon or at once. */
  readonly write: (frame: Buffer, isUrgent?: boolean) => void;
  readonly log: Logger;
  /** Where the publisher listens. */
  readonly path: string;
}

/** Memory at fault more often than this is not mapped any more. */
const MAX_FAULTS = 8;

/** One connection's worth of a subscription: what the publisher has sent and was told. A new connection begins anew. */
interface Session {
  readonly slots: SlotReader;
  readonly inbox: Inbox;
  tookMessages: number;
  tookBytes: number;
}

/** A subscription at one publisher, as the subscriber sees it. */
export class IncomingSubscription {
  readonly #id: number;
  readonly #options: IncomingOptions;
  #request: SubscribeRequest;
  #established = Promise.withResolvers<void>();
  #isEstablished = false;
  /** Questions that the publisher has not answered yet. */
  #unanswered = 1;
  #session: Session;
  #isEnded = false;
  #faults = 0;
  #refusal: TooManySubscriptionsError | undefined;

  constructor(id: number, options: IncomingOptions) {
    this.#id = id;
    this.#options = options;
    this.#request = options.request;
    this.#session = this.#begin();
  }

  /** Fulfilled once the publisher has answered to what it was asked for last, or the subscription has ended. */
  get established(): Promise<void> {
    return this.#established.promise;
  }

  /** Why the publisher sends nothing; undefined while it does, or may. */
  get refusal(): Error | undefined {
    return this.#refusal;
  }

  /** What to ask for on a new connection. */
  subscribing(): SubscribeRequest {
    this.#refusal = undefined;
    this.#unanswered = 1;
    return this.#request;
  }

  /** Asks for something else from now on; of a publisher that cannot be reached, when it can. */
  ask(qos: Qos): void {
    this.#request = { ...this.#request, qos };
    if (this.#isEstablished) this.#established = Promise.withResolvers<void>();
    this.#isEstablished = false;
    this.#unanswered++;
    this.#options.write(encodeFrame(FRAME.ask, this.#id, encode(qos, { root: "qos" })));
  }

  /** Nobody shall wait for the publisher any more. */
  giveUp(): void {
    this.#isEstablished = true;
    this.#established.resolve();
  }

  /** What the publisher sent stands in `bytes` from `start` to `end`. */
  take(kind: number, bytes: Buffer, start: number, end: number): void {
    const { slots, inbox } = this.#session;
    switch (kind) {
      case FRAME.message:
        this.#takeMessage(bytes, start, end);
        break;
      case FRAME.bell:
        inbox.read();
        break;
      case FRAME.segment:
        this.#offered(checkedOffer(decode(bytes.subarray(start, end))));
        break;
      case FRAME.open:
        slots.open(bytes.readUInt32LE(start));
        inbox.read();
        break;
      case FRAME.look:
        this.#look(bytes.readUInt32LE(start), bytes.readUInt32LE(start + 4));
        break;
      case FRAME.reset:
        inbox.readAll();
        this.#startOver();
        this.#options.write(encodeFrame(FRAME.restarted, this.#id));
        break;
      case FRAME.refused:
        this.#refused(bytes.readUInt32LE(start));
        break;
      case FRAME.subscribed:
        this.#unanswered--;
        if (this.#unanswered === 0) this.giveUp();
        break;
      default:
        throw new RangeError(`Frame of unknown kind ${kind}`);
    }
  }

  /** The connection has closed: what had arrived is delivered, and what is borrowed stays as it is. */
  disconnected(): void {
    const { inbox } = this.#session;
    inbox.readAll();
    this.#finish();
    this.#session = this.#begin();
  }

  /** The connection is about to be closed from here: the publisher will write over what was lent. */
  leave(): void {
    this.#session.slots.revoke();
    this.#finish();
  }

  /** Nothing is delivered any more. The publisher hears of it when nothing is borrowed, and writes over everything then. */
  end(): void {
    this.#isEnded = true;
    this.giveUp();
    const { slots } = this.#session;
    slots.whenIdle(() => this.#options.write(encodeFrame(FRAME.unsubscribe, this.#id)));
    this.#finish();
  }

  #begin(): Session {
    const { shared, fresh, arrivals, write, log } = this.#options;
    const { topic } = this.#request;
    const id = this.#id;
    const slots = new SlotReader({
      shared,
      fresh,
      onMapped: (segment, isMapped) => write(encodeFrame(FRAME.mapped, id, [segment, isMapped ? 1 : 0])),
      onRelease: (segment, slot) => write(encodeFrame(FRAME.release, id, [segment, slot])),
      onRoom: () => this.#tellRoom(),
      onUnusable: (error) =>
        log.info(`Large messages go over the socket: ${topic} is offered in memory that cannot be used`, {
          err: error,
        }),
    });
    const onDelivered = (bytes: number, wait: void | Promise<void>) => this.#taken(session, bytes, wait);
    const inbox = new Inbox({ slots, arrivals, onDelivered, onFault: (error) => this.#fault(error) });
    const session: Session = { slots, inbox, tookMessages: 0, tookBytes: 0 };
    return session;
  }

  #finish(): void {
    this.#session.inbox[Symbol.dispose]();
    this.#session.slots[Symbol.dispose]();
  }

  /** The publisher sees something left in a mailbox for a while. It waits for an answer before it asks again. */
  #look(segment: number, posted: number): void {
    const { slots, inbox } = this.#session;
    const { write } = this.#options;
    if (slots.segment === segment) inbox.look(posted);
    else if (slots.isMapped(segment)) slots.restate(segment, posted);
    else write(encodeFrame(FRAME.mapped, this.#id, [segment, 0]));
    this.#tellRoom();
  }

  /** A publisher gives up after the third fault. One that does not is given up here. */
  #offered(offer: MailboxOffer): void {
    if (this.#faults > MAX_FAULTS) this.#options.write(encodeFrame(FRAME.mapped, this.#id, [offer.segment, 0]));
    else void this.#session.slots.offered(offer);
  }

  /** What memory tells cannot be right. The publisher answers with RESET. */
  #fault(error: unknown): void {
    const { log, path, write } = this.#options;
    this.#faults++;
    const said = "cannot be right; what stands there is dropped, and the stream goes on without it";
    log.warn(`Shared memory with ${path} for ${this.#request.topic} ${said}`, { err: error });
    this.#startOver();
    write(encodeFrame(FRAME.fault, this.#id), true);
  }

  /** Forgets the mailbox. What came over the socket is delivered, and what is borrowed stays as it is. */
  #startOver(): void {
    if (this.#isEnded) return;
    const { inbox } = this.#session;
    this.#finish();
    this.#session = this.#begin();
    for (const message of inbox.rest()) this.#arrive(message);
  }

  #arrive({ message, publishedMs, bytes }: FrameMessage): void {
    this.#taken(this.#session, bytes, this.#options.arrivals.arrive(message, publishedMs, bytes));
  }

  /** Nobody waits for it any more. */
  #refused(most: number): void {
    this.#refusal = new TooManySubscriptionsError(this.#request.topic, most);
    this.#options.log.error(this.#refusal.message, { err: this.#refusal, path: this.#options.path });
    this.giveUp();
  }

  #takeMessage(bytes: Buffer, start: number, end: number): void {
    const { slots, inbox } = this.#session;
    const { decoder, arrivals } = this.#options;
    const length = end - start - 8;
    // A large frame stands in memory of its own.
    const message =
      length >= LARGE_FRAME_BYTES
        ? decode(bytes.subarray(start + 8, end), { isOwned: true })
        : decoder.decode(bytes, start + 8, end);
    const publishedMs = bytes.readDoubleLE(start);
    checkTime(publishedMs);
    if (slots.mailbox !== undefined) inbox.frame({ message, publishedMs, bytes: length });
    else this.#taken(this.#session, length, arrivals.arrive(message, publishedMs, length));
  }

  /**
   * Tells the publisher what was taken, once there is room here. Counted whatever is kept: that may change while
   * messages are on their way.
   */
  #taken(session: Session, bytes: number, wait: void | Promise<void>): void {
    if (wait !== undefined) void wait.then(() => this.#took(session, bytes));
    else this.#took(session, bytes);
  }

  #took(session: Session, bytes: number): void {
    // The publisher of another connection counts for itself.
    if (session !== this.#session) return;
    session.tookMessages++;
    session.tookBytes += bytes;
    const { tookMessages, tookBytes, slots } = session;
    if (slots.mailbox === undefined) {
      if (tookMessages < TOOK_MESSAGES && tookBytes < TOOK_BYTES) return;
      this.#options.write(encodeFrame(FRAME.took, this.#id, [tookMessages, tookBytes]));
    } else if (slots.mailbox.took(tookMessages, tookBytes)) this.#tellRoom();
    session.tookMessages = 0;
    session.tookBytes = 0;
  }

  #tellRoom(): void {
    this.#options.write(encodeFrame(FRAME.room, this.#id), true);
  }
}
