import { MemoryFaultError } from "../../errors.ts";
import type { FreshBuffers } from "./fresh-buffers.ts";
import { Lent } from "./lent.ts";
import { MailboxReader } from "./mailbox-reader.ts";
import { MappedSegment } from "./mapped-segment.ts";
import type { SharedMemory } from "./shared-memory.ts";
import type { MailboxOffer } from "./slot.ts";

/** Segments that were offered and are not in use yet: a publisher offers another one when messages outgrow the last. */
const MAX_OFFERED = 16;

interface SlotReaderOptions {
  readonly shared: SharedMemory;
  readonly fresh: FreshBuffers;
  /** Tells the publisher whether its segment can be used. */
  readonly onMapped: (segment: number, isMapped: boolean) => void;
  /** Gives a slot of a segment that was replaced back to the publisher. */
  readonly onRelease: (segment: number, slot: number) => void;
  /** The publisher waits for what was just given back. */
  readonly onRoom: () => void;
  /** What the publisher offers cannot be used, and not because it has ended. */
  readonly onUnusable: (error: unknown) => void;
}

/** A segment and the messages in it that are still held. */
interface Held {
  readonly id: number;
  readonly mapped: MappedSegment;
  readonly mailbox: MailboxReader;
  readonly lents: Set<Lent>;
  isReplaced: boolean;
}

/** The subscriber's end of one subscription in shared memory: maps what it is offered, and lends what arrives there. */
export class SlotReader implements Disposable {
  readonly #options: SlotReaderOptions;
  readonly #offered = new Map<number, Held>();
  #current: Held | undefined;
  /** Segments that were replaced while messages in them are still held. */
  readonly #replaced = new Map<number, Held>();
  #isClosed = false;
  #held = 0;
  #onIdle: (() => void) | undefined;

  constructor(options: SlotReaderOptions) {
    this.#options = options;
  }

  /** Where the publisher tells of messages; undefined while they come over the socket only, and when nothing comes any more. */
  get mailbox(): MailboxReader | undefined {
    return this.#current?.mailbox;
  }

  /** Number of the segment that the mailbox is in. */
  get segment(): number | undefined {
    return this.#current?.id;
  }

  async offered(offer: MailboxOffer): Promise<void> {
    const { shared, fresh, onMapped, onUnusable } = this.#options;
    const posix = await shared.load();
    if (this.#isClosed) return;
    let mapped: MappedSegment | undefined;
    try {
      const isTaken = posix !== undefined && this.#offered.size < MAX_OFFERED && !this.isMapped(offer.segment);
      mapped = isTaken ? new MappedSegment(offer, posix, fresh) : undefined;
    } catch (error) {
      // The publisher has ended, and the memory with it.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") onUnusable(error);
    }
    if (mapped !== undefined) {
      const mailbox = new MailboxReader(mapped.words, offer.mailbox);
      this.#offered.set(offer.segment, { id: offer.segment, mapped, mailbox, lents: new Set(), isReplaced: false });
    }
    onMapped(offer.segment, mapped !== undefined);
  }

  /** The publisher uses a segment that was mapped, from here on. */
  open(segment: number): void {
    const held = this.#offered.get(segment);
    if (held === undefined) throw new MemoryFaultError(`segment ${segment} is to be used, which is not mapped`);
    // Segments come in the order of their numbers: what was offered before has been replaced already.
    for (const [id, { mapped }] of this.#offered) {
      if (id > segment) continue;
      this.#offered.delete(id);
      if (id < segment) mapped[Symbol.dispose]();
    }
    this.#replace();
    this.#current = held;
  }

  /** Whether messages may still be read in this segment, now or later. */
  isMapped(segment: number): boolean {
    return segment === this.segment || this.#offered.has(segment) || this.#replaced.has(segment);
  }

  /** Tells the publisher once more what was given back in a segment that was replaced. */
  restate(segment: number, posted: number): void {
    this.#replaced.get(segment)?.mailbox.restate(posted);
  }

  /** The message of so many bytes in a slot that the publisher has announced. @throws MemoryFaultError when it is not there */
  lend(slot: number, sequence: number, bytes: number): Lent {
    const held = this.#current;
    if (held === undefined) throw new MemoryFaultError(`a message is in slot ${slot} of a segment that is not mapped`);
    const address = { segment: held.id, slot, sequence };
    held.mapped.expect(address, bytes);
    const lent = new Lent(held.mapped, address, () => {
      held.lents.delete(lent);
      this.#held--;
      if (held.isReplaced && held.lents.size === 0) this.#unmap(held);
      if (!this.#isClosed) this.#release(held, slot);
      if (this.#held === 0) this.#onIdle?.();
    });
    held.lents.add(lent);
    this.#held++;
    return lent;
  }

  /** Calls back when nothing is held: now, or when the last borrower has given back what it has. */
  whenIdle(callback: () => void): void {
    if (this.#held === 0) callback();
    else this.#onIdle = callback;
  }

  /** The publisher may write over everything from now on: whoever still borrows loses it. */
  revoke(): void {
    for (const held of [this.#current, ...this.#replaced.values()]) for (const lent of held?.lents ?? []) lent.revoke();
  }

  /** Nothing comes any more. What is held stays readable until it is given back. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const { mapped } of this.#offered.values()) mapped[Symbol.dispose]();
    this.#offered.clear();
    this.#replace();
  }

  #release({ id, mailbox, isReplaced }: Held, slot: number): void {
    const { onRelease, onRoom } = this.#options;
    if (isReplaced) onRelease(id, slot);
    else if (mailbox.release(slot)) onRoom();
  }

  #replace(): void {
    const held = this.#current;
    this.#current = undefined;
    if (held === undefined) return;
    held.isReplaced = true;
    if (held.lents.size === 0) held.mapped[Symbol.dispose]();
    else this.#replaced.set(held.id, held);
  }

  #unmap({ id, mapped }: Held): void {
    this.#replaced.delete(id);
    mapped[Symbol.dispose]();
  }
}
