import { MemoryFaultError } from "../../errors.ts";
import type { FreshBuffers } from "./fresh-buffers.ts";
import type { Mapping, Posix } from "./posix.ts";
import { type SegmentOffer, SLOT_HEADER_BYTES, type SlotAddress, slotStart } from "./slot.ts";

/** A subscriber's end of a publisher's segment. */
export class MappedSegment implements Disposable {
  readonly #offer: SegmentOffer;
  readonly #posix: Posix;
  readonly #fresh: FreshBuffers;
  readonly #memory: Mapping;
  readonly #bytes: Uint8Array;
  readonly words: Uint32Array;
  /** Of each slot that was lent, the buffer that borrowers have. */
  readonly #lent = new Map<number, ArrayBuffer>();

  constructor(offer: SegmentOffer, posix: Posix, fresh: FreshBuffers) {
    this.#offer = offer;
    this.#posix = posix;
    this.#fresh = fresh;
    this.#memory = posix.openMemory(offer.pid, offer.fd, slotStart(offer, offer.slots));
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.words = new Uint32Array(this.#memory.buffer);
  }

  /** @throws MemoryFaultError when the slot does not hold this message, of so many bytes */
  expect(address: SlotAddress, bytes: number): void {
    const length = this.#check(address);
    if (length !== bytes) throw new MemoryFaultError(`slot ${address.slot} holds ${length} bytes, not ${bytes}`);
  }

  /** The message, in memory of its own. @throws MemoryFaultError when the slot holds another one, or does before the end. */
  copy(address: SlotAddress): Uint8Array {
    const length = this.#check(address);
    const start = slotStart(this.#offer, address.slot) + SLOT_HEADER_BYTES;
    const copy = this.#fresh.take(length);
    copy.set(this.#bytes.subarray(start, start + length));
    this.#check(address);
    return copy;
  }

  /** The message where it is, until the slot is given back. @throws MemoryFaultError when the slot holds another one. */
  view(address: SlotAddress): Uint8Array {
    const length = this.#check(address);
    const { slot } = address;
    let buffer = this.#lent.get(slot);
    if (buffer === undefined) {
      buffer = this.#posix.view(this.#memory, slotStart(this.#offer, slot), this.#offer.strideBytes);
      this.#lent.set(slot, buffer);
    }
    return new Uint8Array(buffer, SLOT_HEADER_BYTES, length);
  }

  /** Takes the slot away from whoever still has a view of it: such views are empty from now on. */
  revoke(slot: number): void {
    this.#lent.get(slot)?.transfer();
    this.#lent.delete(slot);
  }

  [Symbol.dispose](): void {
    for (const slot of this.#lent.keys()) this.revoke(slot);
    this.#posix.unmap(this.#memory);
  }

  #check({ slot, sequence }: SlotAddress): number {
    const { slots, strideBytes } = this.#offer;
    if (slot >= slots) throw new MemoryFaultError(`a message is in slot ${slot} of ${slots}`);
    const word = slotStart(this.#offer, slot) / 4;
    const length = this.words[word + 1] as number;
    const found = Atomics.load(this.words, word);
    if (found !== sequence) throw new MemoryFaultError(`slot ${slot} has been written ${found} times, not ${sequence}`);
    if (SLOT_HEADER_BYTES + length > strideBytes)
      throw new MemoryFaultError(`slot ${slot} of ${strideBytes} bytes holds ${length}`);
    return length;
  }
}
