import { MemoryFaultError } from "../../errors.ts";
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

/** The subscriber's end of its mailbox. What stands there is not trusted: each word is read once, and checked before it is used. */
export class MailboxReader {
  /** Of the entry that `next` has read. */
  kind = 0;
  what = 0;
  sequence = 0;
  bytes = 0;
  publishedMs = 0;
  readonly #words: Uint32Array;
  readonly #at: number;
  /** The words of the entry that was read last, and its time. */
  readonly #entry = new Uint32Array(ENTRY_WORDS);
  readonly #time = new Float64Array(this.#entry.buffer, ENTRY_TIME * 4, 1);
  #taken = 0;
  #released = 0;
  #tookMessages = 0;
  #tookBytes = 0;

  constructor(words: Uint32Array, mailbox: number) {
    this.#words = words;
    this.#at = mailboxWord(mailbox);
  }

  /**
   * Whether there is an entry that was not taken. It is read then.
   *
   * @throws MemoryFaultError when the publisher cannot have written what stands there
   */
  next(): boolean {
    const unread = this.#unread;
    if (unread === 0) return false;
    if (unread > ENTRIES) throw new MemoryFaultError(`${unread} entries are in a mailbox of ${ENTRIES}`);
    const entry = this.#entry;
    const at = this.#at + WORD.entries + (this.#taken % ENTRIES) * ENTRY_WORDS;
    let check = 0;
    for (let word = 0; word < ENTRY_WORDS; word++) {
      entry[word] = this.#words[at + word] as number;
      check ^= entry[word] as number;
    }
    // With its check, all of them come to nothing.
    if (check !== 0 || entry[ENTRY_NUMBER] !== this.#taken)
      throw new MemoryFaultError(
        `entry ${this.#taken} has number ${entry[ENTRY_NUMBER]} and check ${entry[ENTRY_CHECK]}`,
      );
    this.kind = entry[0] as number;
    this.what = entry[1] as number;
    this.sequence = entry[2] as number;
    this.bytes = entry[3] as number;
    this.publishedMs = this.#time[0] as number;
    return true;
  }

  take(): void {
    this.#taken = (this.#taken + 1) >>> 0;
    this.#write(WORD.taken, this.#taken);
  }

  /** Has itself woken with a frame; false when there is something to be taken already. */
  sleep(): boolean {
    this.#write(WORD.asleep, 1);
    if (this.#unread === 0) return true;
    this.#write(WORD.asleep, 0);
    return false;
  }

  /** Gives a slot back; true when the publisher waits for that, and has to be told with a frame. */
  release(slot: number): boolean {
    this.#words[this.#at + WORD.slots + (this.#released % SLOT_WORDS)] = slot;
    this.#released = (this.#released + 1) >>> 0;
    this.#write(WORD.released, this.#released);
    return this.#isNeeded();
  }

  /** There is room for so much more; true when the publisher waits for that, and has to be told with a frame. */
  took(messages: number, bytes: number): boolean {
    this.#tookBytes = (this.#tookBytes + bytes) >>> 0;
    this.#write(WORD.tookBytes, this.#tookBytes);
    this.#tookMessages = (this.#tookMessages + messages) >>> 0;
    this.#write(WORD.tookMessages, this.#tookMessages);
    return this.#isNeeded();
  }

  /**
   * Writes its counts once more, of which something else may have become in memory.
   *
   * @param posted entries so far, as the publisher has said over the socket
   * @throws MemoryFaultError when memory says otherwise
   */
  restate(posted: number): void {
    this.#write(WORD.taken, this.#taken);
    this.#write(WORD.released, this.#released);
    this.#write(WORD.tookBytes, this.#tookBytes);
    this.#write(WORD.tookMessages, this.#tookMessages);
    const told = (posted - this.#taken) >>> 0;
    // It may have posted more meanwhile, and this side may have taken more.
    if (told <= ENTRIES && this.#unread < told)
      throw new MemoryFaultError(`${this.#unread} entries are there, of ${told} that were posted`);
  }

  /** Whether the next entry was posted before the publisher said over the socket that there were so many. */
  isBefore(posted: number): boolean {
    const told = (posted - this.#taken) >>> 0;
    return told > 0 && told <= ENTRIES;
  }

  get #unread(): number {
    return (Atomics.load(this.#words, this.#at + WORD.posted) - this.#taken) >>> 0;
  }

  /** While there is more to read, the publisher may sleep: to be woken costs it more than a message. */
  #isNeeded(): boolean {
    const word = this.#at + WORD.needsRoom;
    return (
      Atomics.load(this.#words, word) === 1 &&
      this.#unread <= 1 &&
      Atomics.compareExchange(this.#words, word, 1, 0) === 1
    );
  }

  #write(word: number, value: number): void {
    Atomics.store(this.#words, this.#at + word, value);
  }
}
