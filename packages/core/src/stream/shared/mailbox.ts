import { MemoryFaultError } from "../../errors.ts";
import { entryCheck } from "./entry-check.ts";
import {
  ENTRIES,
  ENTRY_CHECK,
  ENTRY_NUMBER,
  ENTRY_TIME,
  ENTRY_WORDS,
  mailboxWord,
  SLOT_WORDS,
  WORD,
} from "./mailbox-layout.ts";
import type { SlotRing } from "./slot-ring.ts";

/** The publisher's end of the mailbox of one subscription, and the slots of its segment that the subscription holds. */
export class Mailbox implements Disposable {
  readonly ring: SlotRing;
  /** Which of the segment's. */
  readonly number: number;
  readonly #words: Uint32Array;
  readonly #times: Float64Array;
  readonly #at: number;
  readonly #isHeld: Uint8Array;
  #held = 0;
  #posted = 0;
  /** As of the last `collect`. */
  #taken = 0;
  #released = 0;
  #tookMessages = 0;
  #tookBytes = 0;
  /** What `isStalled` saw the last time. */
  #seenTaken = 0;
  #seenReleased = 0;
  #wasBusy = false;
  #isClosed = false;

  constructor(ring: SlotRing, number: number) {
    this.ring = ring;
    this.number = number;
    this.#words = ring.words;
    this.#times = new Float64Array(ring.words.buffer);
    this.#at = mailboxWord(number);
    this.#isHeld = new Uint8Array(ring.offer.slots);
    ring.use();
  }

  /** Slots that its subscriber has not given back. */
  get held(): number {
    return this.#held;
  }

  /** Entries so far. */
  get posted(): number {
    return this.#posted;
  }

  /** As of the last `collect`. One entry is kept free for the last. */
  get isFull(): boolean {
    return this.#unread >= ENTRIES - 1;
  }

  /** Its subscriber had taken everything at the last `collect`. */
  get isEmpty(): boolean {
    return this.#posted === this.#taken;
  }

  /** The subscriber holds this slot from now on. */
  hold(slot: number): void {
    this.#isHeld[slot] = 1;
    this.#held++;
  }

  giveBack(slot: number): void {
    if (this.#isHeld[slot] !== 1) return;
    this.#isHeld[slot] = 0;
    this.#held--;
    this.ring.giveBack(slot);
  }

  /** Tells the subscriber of a message; true when it sleeps, and has to be woken with a frame. */
  post(kind: number, what: number, bytes: number, publishedMs: number, sequence = 0): boolean {
    const words = this.#words;
    const number = this.#posted;
    const entry = this.#at + WORD.entries + (number % ENTRIES) * ENTRY_WORDS;
    words[entry] = kind;
    words[entry + 1] = what;
    words[entry + 2] = sequence;
    words[entry + 3] = bytes;
    this.#times[(entry + ENTRY_TIME) / 2] = publishedMs;
    words[entry + ENTRY_NUMBER] = number;
    words[entry + ENTRY_CHECK] = entryCheck(words, entry);
    this.#posted = (number + 1) >>> 0;
    Atomics.store(words, this.#at + WORD.posted, this.#posted);
    return Atomics.compareExchange(words, this.#at + WORD.asleep, 1, 0) === 1;
  }

  /**
   * Gives back what the subscriber has released, and returns what it has taken since it was asked last.
   *
   * @throws MemoryFaultError when the subscriber cannot have written what stands there
   */
  collect(): { readonly messages: number; readonly bytes: number } {
    const taken = this.#read(WORD.taken);
    if ((taken - this.#taken) >>> 0 > this.#unread)
      throw new MemoryFaultError(`entry ${taken} was taken, of ${this.#taken} to ${this.#posted}`);
    this.#taken = taken;
    const released = this.#read(WORD.released);
    if (released !== this.#released) this.#release(released);
    const tookMessages = this.#read(WORD.tookMessages);
    if (tookMessages === this.#tookMessages) return NOTHING;
    // Written before the count of messages.
    const tookBytes = this.#read(WORD.tookBytes);
    const took = {
      messages: (tookMessages - this.#tookMessages) >>> 0,
      bytes: (tookBytes - this.#tookBytes) >>> 0,
    };
    this.#tookMessages = tookMessages;
    this.#tookBytes = tookBytes;
    return took;
  }

  /** The subscriber shall send a frame when it has given back or taken something. What it did before may have gone unseen. */
  needRoom(): void {
    Atomics.store(this.#words, this.#at + WORD.needsRoom, 1);
  }

  /** To be asked now and then, after `collect`: whether the subscriber has left the same entries and slots as the last time. */
  isStalled(): boolean {
    const isBusy = !this.isEmpty || this.#held > 0;
    const isSame = this.#wasBusy && this.#taken === this.#seenTaken && this.#released === this.#seenReleased;
    this.#wasBusy = isBusy;
    this.#seenTaken = this.#taken;
    this.#seenReleased = this.#released;
    return isBusy && isSame;
  }

  /** Nobody reads it any more; what was held is free. */
  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (let slot = 0; slot < this.#isHeld.length; slot++) this.giveBack(slot);
    this.ring.leave();
  }

  #release(released: number): void {
    const count = (released - this.#released) >>> 0;
    if (count > this.#held)
      throw new MemoryFaultError(`${count} slots were given back, of ${this.#held} that were lent`);
    for (; this.#released !== released; this.#released = (this.#released + 1) >>> 0) {
      const slot = this.#words[this.#at + WORD.slots + (this.#released % SLOT_WORDS)] as number;
      if (this.#isHeld[slot] !== 1) throw new MemoryFaultError(`slot ${slot} was given back, which was not lent`);
      this.giveBack(slot);
    }
  }

  get #unread(): number {
    return (this.#posted - this.#taken) >>> 0;
  }

  #read(word: number): number {
    return Atomics.load(this.#words, this.#at + word);
  }
}

const NOTHING = { messages: 0, bytes: 0 };
