import { MemoryFaultError } from "../../errors.ts";
import type { Arrivals } from "../arrivals.ts";
import { checkTime } from "../delivery.ts";
import { NextTurn } from "../next-turn.ts";
import { Linger } from "./linger.ts";
import { ENTRIES, ENTRY } from "./mailbox-layout.ts";
import type { SlotReader } from "./slot-reader.ts";

/** After so much, other things of this process have their turn. */
const TURN_BYTES = 4 * 1024 * 1024;
const TURN_MESSAGES = 64;
/** All that can be there. A count in memory that goes on and on holds nothing up. */
const ALL_MESSAGES = 4 * ENTRIES;
/** Messages from the socket whose entries have not come: each has one that was posted before it was sent. */
const MAX_FRAMES = 16 * ENTRIES;

export interface FrameMessage {
  readonly message: unknown;
  readonly publishedMs: number;
  readonly bytes: number;
}

interface InboxOptions {
  readonly slots: SlotReader;
  readonly arrivals: Arrivals;
  /** What was delivered, and the promise to wait for before there is room for more. */
  readonly onDelivered: (bytes: number, wait: void | Promise<void>) => void;
  /** What stands in memory cannot be right. */
  readonly onFault: (error: unknown) => void;
}

/** Delivers what the mailbox of a subscription tells of, in its order: messages in slots, and those that come over the socket. */
export class Inbox implements Disposable {
  readonly #options: InboxOptions;
  /** Came over the socket before their entries were read. */
  readonly #frames: FrameMessage[] = [];
  readonly #linger = new Linger();
  readonly #nextTurn = new NextTurn(() => this.read());
  #isClosed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** A message that came over the socket, while there is a mailbox. */
  frame(message: FrameMessage): void {
    this.#frames.push(message);
    this.read();
    if (this.#frames.length > MAX_FRAMES && !this.#isClosed)
      this.#options.onFault(new MemoryFaultError(`the mailbox tells of none of ${MAX_FRAMES} messages that have come`));
  }

  /** The publisher has said over the socket that so many entries were posted, and waits: whatever its bells were, they are read now. */
  look(posted: number): void {
    const { slots, onFault } = this.#options;
    try {
      slots.mailbox?.restate(posted);
      this.#deliver(TURN_MESSAGES, TURN_BYTES);
      const { mailbox } = slots;
      if (mailbox === undefined || this.#frames.length > 0 || !mailbox.isBefore(posted) || !mailbox.next()) return;
      // The socket keeps the order: it came before this.
      if (mailbox.kind === ENTRY.frame) throw new MemoryFaultError("an entry tells of a message that never came");
    } catch (error) {
      if (!this.#isClosed) onFault(error);
    }
  }

  /** Takes what came over the socket and was not delivered. */
  rest(): FrameMessage[] {
    return this.#frames.splice(0);
  }

  /** Delivers what is there, in several turns when that is much. */
  read(): void {
    this.#read(TURN_MESSAGES, TURN_BYTES);
  }

  /** Delivers everything that is there. */
  readAll(): void {
    this.#read(ALL_MESSAGES, Number.POSITIVE_INFINITY);
  }

  /** Nothing is delivered after this returns. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
  }

  #read(maxMessages: number, maxBytes: number): void {
    try {
      this.#deliver(maxMessages, maxBytes);
    } catch (error) {
      if (!this.#isClosed) this.#options.onFault(error);
    }
  }

  #deliver(maxMessages: number, maxBytes: number): void {
    let messages = 0;
    let bytes = 0;
    while (!this.#isClosed) {
      const mailbox = this.#options.slots.mailbox;
      if (mailbox === undefined) return;
      if (!mailbox.next()) {
        if (this.#linger.goesOn(performance.now())) this.#nextTurn.schedule();
        else if (!mailbox.sleep()) continue;
        return;
      }
      if (messages >= maxMessages || bytes >= maxBytes) {
        this.#nextTurn.schedule();
        return;
      }
      const { kind, what, bytes: size } = mailbox;
      if (kind === ENTRY.slot) this.#takeSlot();
      else if (kind === ENTRY.moved) {
        mailbox.take();
        this.#options.slots.open(what);
      } else if (kind !== ENTRY.frame) throw new MemoryFaultError(`an entry is of kind ${kind}`);
      else if (!this.#takeFrame()) return;
      messages++;
      bytes += size;
    }
  }

  #takeSlot(): void {
    const { slots, arrivals, onDelivered } = this.#options;
    const mailbox = slots.mailbox as NonNullable<SlotReader["mailbox"]>;
    const { what, sequence, bytes, publishedMs } = mailbox;
    checkTime(publishedMs);
    const lent = slots.lend(what, sequence, bytes);
    mailbox.take();
    this.#linger.came(performance.now());
    let wait: void | Promise<void>;
    try {
      wait = arrivals.arriveLent(lent, publishedMs, bytes);
    } finally {
      lent.giveBack();
    }
    onDelivered(bytes, wait);
  }

  /** False when it has not come yet: it brings the next turn. */
  #takeFrame(): boolean {
    const next = this.#frames.shift();
    if (next === undefined) return false;
    const { message, publishedMs, bytes } = next;
    const { slots, arrivals, onDelivered } = this.#options;
    slots.mailbox?.take();
    onDelivered(bytes, arrivals.arrive(message, publishedMs, bytes));
    return true;
  }
}
