import type { Outgoing } from "../outgoing.ts";
import type { Mailbox } from "./mailbox.ts";
import { ENTRY } from "./mailbox-layout.ts";
import type { MailboxOffer, SlotAddress } from "./slot.ts";
import type { SlotRing } from "./slot-ring.ts";

/** Slots that a subscriber which wants only the latest may hold at a time: what is on its way grows old. */
const LATEST_LEASES = 2;
/** What any subscriber may hold of a ring: it has to give some back before it gets more. */
const RING_SHARE = 1 / 4;

interface SlotLeasesOptions {
  readonly isLatest: boolean;
  /** Offers a segment to the subscriber, with a mailbox in it. */
  readonly onOffer: (offer: MailboxOffer) => void;
  /** The first segment is in use from now on: what was sent before went over the socket. */
  readonly onOpen: (segment: number) => void;
  /** The subscriber sleeps, and something is in its mailbox. */
  readonly onBell: () => void;
  /** The ring has no free slot. */
  readonly onFull: () => void;
  /** The ring has no mailbox for one more subscriber. */
  readonly onExhausted: () => void;
}

/** The slots that one subscriber in another process holds. Segments are offered to it, and used once it has mapped them. */
export class SlotLeases implements Disposable {
  readonly #options: SlotLeasesOptions;
  #maxLeases = LATEST_LEASES;
  #open: Mailbox | undefined;
  /** Not answered yet. They stay, so that the subscriber finds the memory it was offered; only the last one is used. */
  readonly #offered: Mailbox[] = [];
  /** Of segments that were replaced, until the subscriber has no use for them any more. */
  #older: Mailbox[] = [];
  #isRefused = false;
  #isLatest: boolean;

  constructor(options: SlotLeasesOptions) {
    this.#options = options;
    this.#isLatest = options.isLatest;
  }

  /** Whether the subscriber wants only the latest from now on. */
  set isLatest(isLatest: boolean) {
    this.#isLatest = isLatest;
    this.#maxLeases = this.#leasesOf(this.#open?.ring);
  }

  /** Where the subscriber has to be told of each message; undefined while everything goes over the socket. */
  get mailbox(): Mailbox | undefined {
    return this.#open;
  }

  get isFull(): boolean {
    const open = this.#open;
    if (open === undefined) return false;
    let held = open.held;
    for (const mailbox of this.#older) held += mailbox.held;
    return held >= this.#maxLeases || open.isFull;
  }

  /** A slot with this message that the subscriber now holds; undefined when it has to get it another way. */
  lease(ring: SlotRing, outgoing: Outgoing): SlotAddress | undefined {
    if (this.#open?.ring !== ring) {
      this.#offer(ring);
      return undefined;
    }
    this.#maxLeases = this.#leasesOf(ring);
    const address = outgoing.hold(ring);
    if (address === undefined) this.#options.onFull();
    else this.#open.hold(address.slot);
    return address;
  }

  /** The subscriber can use a segment that it was offered, or not. */
  mapped(segment: number, isMapped: boolean): void {
    const older = isMapped ? undefined : this.#older.find(({ ring }) => ring.offer.segment === segment);
    if (older !== undefined) {
      // Not mapped any more, whatever its words say.
      this.#older = this.#older.filter((mailbox) => mailbox !== older);
      older[Symbol.dispose]();
      return;
    }
    const offered = this.#offered.shift();
    if (offered?.ring.offer.segment !== segment) throw new RangeError("An answer to what was not offered");
    if (!isMapped || this.#offered.length > 0) {
      this.#isRefused ||= !isMapped;
      offered[Symbol.dispose]();
      return;
    }
    const before = this.#open;
    this.#open = offered;
    if (before === undefined) {
      this.#options.onOpen(segment);
      return;
    }
    this.#older.push(before);
    if (before.post(ENTRY.moved, segment, 0, 0)) this.#options.onBell();
  }

  /**
   * Forgets all mailboxes, and what is held. Their rings must have been replaced: nothing may be written over what the
   * subscriber still reads.
   *
   * @param isLast messages go over the socket for good
   */
  reset(isLast: boolean): void {
    this[Symbol.dispose]();
    this.#isRefused ||= isLast;
  }

  /** Mailboxes in which the subscriber has done nothing since this was asked last, although it could. */
  stalled(): Mailbox[] {
    return [this.#open, ...this.#older].filter((mailbox) => mailbox?.isStalled() === true) as Mailbox[];
  }

  /**
   * What the subscriber has given back counts from now on. Returns what it has taken.
   *
   * @throws MemoryFaultError when the subscriber cannot have written what a mailbox says
   */
  collect(): { readonly messages: number; readonly bytes: number } {
    const open = this.#open;
    if (open === undefined) return NOTHING;
    if (this.#older.length === 0) return open.collect();
    let { messages, bytes } = open.collect();
    this.#older = this.#older.filter((mailbox) => {
      const took = mailbox.collect();
      messages += took.messages;
      bytes += took.bytes;
      // It looks at what was taken first: nothing comes there after the last entry was.
      const isDone = mailbox.isEmpty && mailbox.held === 0;
      if (isDone) mailbox[Symbol.dispose]();
      return !isDone;
    });
    return { messages, bytes };
  }

  /** The subscriber shall tell when there is more room than there was at the last `collect`. */
  needRoom(): void {
    this.#open?.needRoom();
    for (const mailbox of this.#older) mailbox.needRoom();
  }

  /** Of a segment that was replaced. */
  giveBack(segment: number, slot: number): void {
    for (const mailbox of this.#older) if (mailbox.ring.offer.segment === segment) mailbox.giveBack(slot);
  }

  [Symbol.dispose](): void {
    for (const mailbox of [this.#open, ...this.#offered.splice(0), ...this.#older]) mailbox?.[Symbol.dispose]();
    this.#open = undefined;
    this.#older = [];
  }

  #leasesOf(ring: SlotRing | undefined): number {
    return ring === undefined || this.#isLatest ? LATEST_LEASES : ring.offer.slots * RING_SHARE;
  }

  #offer(ring: SlotRing): void {
    if (this.#isRefused || this.#offered.at(-1)?.ring === ring) return;
    const mailbox = ring.openMailbox();
    if (mailbox === undefined) {
      this.#options.onExhausted();
      return;
    }
    this.#offered.push(mailbox);
    this.#options.onOffer({ ...ring.offer, mailbox: mailbox.number });
  }
}

const NOTHING = { messages: 0, bytes: 0 };
