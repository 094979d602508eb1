import { ENTRIES, ENTRY_TIME, ENTRY_WORDS, mailboxWord, SLOT_WORDS, WORD } from "./mailbox-layout.ts";

/** The subscriber's end of its mailbox. */
export class MailboxReader {
  readonly #words: Uint32Array;
  readonly #times: Float64Array;
  readonly #at: number;
  #taken = 0;
  #released = 0;
  #tookMessages = 0;
  #tookBytes = 0;

  constructor(words: Uint32Array, mailbox: number) {
    this.#words = words;
    this.#times = new Float64Array(words.buffer);
    this.#at = mailboxWord(mailbox);
  }

  /** Whether there is an entry that was not taken. */
  get hasNext(): boolean {
    return this.#unread > 0;
  }

  /** Of the next entry. */
  get kind(): number {
    return this.#words[this.#entry] as number;
  }

  get what(): number {
    return this.#words[this.#entry + 1] as number;
  }

  get sequence(): number {
    return this.#words[this.#entry + 2] as number;
  }

  get bytes(): number {
    return this.#words[this.#entry + 3] as number;
  }

  get publishedMs(): number {
    return this.#times[(this.#entry + ENTRY_TIME) / 2] as number;
  }

  take(): void {
    this.#taken = (this.#taken + 1) >>> 0;
    this.#write(WORD.taken, this.#taken);
  }

  /** Has itself woken with a frame; false when there is something to be taken already. */
  sleep(): boolean {
    this.#write(WORD.asleep, 1);
    if (!this.hasNext) return true;
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

  get #unread(): number {
    return (Atomics.load(this.#words, this.#at + WORD.posted) - this.#taken) >>> 0;
  }

  get #entry(): number {
    return this.#at + WORD.entries + (this.#taken % ENTRIES) * ENTRY_WORDS;
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
