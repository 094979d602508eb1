import { Mailbox } from "./mailbox.ts";
import { MAILBOXES } from "./mailbox-layout.ts";
import type { Mapping, Posix } from "./posix.ts";
import { type SegmentOffer, SLOT_HEADER_BYTES, type SlotAddress, slotStart } from "./slot.ts";

/** The publisher's end of one segment: slots that are free, or held by readers until they give them back. */
export class SlotRing implements Disposable {
  readonly offer: SegmentOffer;
  readonly words: Uint32Array;
  readonly #posix: Posix;
  readonly #memory: Mapping & { readonly fd: number };
  readonly #bytes: Uint8Array;
  readonly #holders: Uint32Array;
  /** How often each slot was written. The same number stands in memory, where others can write too. */
  readonly #sequences: Uint32Array;
  #isRetired = false;
  #mailboxes = 0;
  /** Slots that are held, and mailboxes in use. */
  #uses = 0;

  constructor(posix: Posix, name: string, segment: number, slots: number, strideBytes: number) {
    this.#posix = posix;
    this.#memory = posix.createMemory(name, slotStart({ strideBytes }, slots));
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.words = new Uint32Array(this.#memory.buffer);
    this.#holders = new Uint32Array(slots);
    this.#sequences = new Uint32Array(slots);
    this.offer = { segment, pid: process.pid, fd: this.#memory.fd, slots, strideBytes };
  }

  fits(messageBytes: number): boolean {
    return !this.#isRetired && SLOT_HEADER_BYTES + messageBytes <= this.offer.strideBytes;
  }

  /** Writes a message into a free slot; undefined when all are held. Nobody holds it yet. */
  place(parts: readonly Uint8Array[], messageBytes: number): SlotAddress | undefined {
    const slot = this.#holders.indexOf(0);
    if (slot < 0) return undefined;
    const start = slotStart(this.offer, slot);
    const word = start / 4;
    const sequence = ((this.#sequences[slot] as number) + 2) >>> 0;
    Atomics.store(this.words, word, sequence - 1);
    this.words[word + 1] = messageBytes;
    let at = start + SLOT_HEADER_BYTES;
    for (const part of parts) {
      this.#bytes.set(part, at);
      at += part.byteLength;
    }
    Atomics.store(this.words, word, sequence);
    this.#sequences[slot] = sequence;
    return { segment: this.offer.segment, slot, sequence };
  }

  /** One more reader has the slot; false when it holds another message by now. */
  hold({ segment, slot, sequence }: SlotAddress): boolean {
    if (this.#isRetired || segment !== this.offer.segment) return false;
    if (this.#sequences[slot] !== sequence) return false;
    this.#holders[slot] = (this.#holders[slot] as number) + 1;
    this.use();
    return true;
  }

  giveBack(slot: number): void {
    this.#holders[slot] = (this.#holders[slot] as number) - 1;
    this.leave();
  }

  /** For a new subscription; undefined when this segment has had its number of them. */
  openMailbox(): Mailbox | undefined {
    return this.#mailboxes === MAILBOXES ? undefined : new Mailbox(this, this.#mailboxes++);
  }

  /** Its memory is in use until `leave`. */
  use(): void {
    this.#uses++;
  }

  leave(): void {
    this.#uses--;
    if (this.#isRetired && this.#uses === 0) this.#unmap();
  }

  /** Nothing is placed here any more; the memory goes when the last reader has given back what it holds. */
  [Symbol.dispose](): void {
    if (this.#isRetired) return;
    this.#isRetired = true;
    if (this.#uses === 0) this.#unmap();
  }

  #unmap(): void {
    this.#posix.close(this.#memory.fd);
    this.#posix.unmap(this.#memory);
  }
}
