import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FreshBuffers } from "./fresh-buffers.ts";
import type { Mailbox } from "./mailbox.ts";
import { ENTRIES, ENTRY, ENTRY_WORDS, MAILBOXES, mailboxWord, SLOT_WORDS, WORD } from "./mailbox-layout.ts";
import { MailboxReader } from "./mailbox-reader.ts";
import { MappedSegment } from "./mapped-segment.ts";
import { loadPosix, type Posix } from "./posix.ts";
import { slotStart } from "./slot.ts";
import { SlotRing } from "./slot-ring.ts";

const MESSAGE = [new Uint8Array(1000).fill(7)];

let posix: Posix;
let ring: SlotRing;
let mapped: MappedSegment;
let mailbox: Mailbox;
let reader: MailboxReader;

beforeAll(async () => {
  posix = await loadPosix();
});

beforeEach(() => {
  ring = new SlotRing(posix, "test", 1, 4, 4096);
  mapped = new MappedSegment(ring.offer, posix, new FreshBuffers());
  mailbox = ring.openMailbox() as Mailbox;
  reader = new MailboxReader(mapped.words, mailbox.number);
  return () => {
    mailbox[Symbol.dispose]();
    ring[Symbol.dispose]();
    mapped[Symbol.dispose]();
  };
});

/** Puts a message into a slot that the subscriber holds from now on. */
function hold(): number {
  const address = ring.place(MESSAGE, 1000);
  if (address === undefined) throw new Error("The ring is full");
  ring.hold(address);
  mailbox.hold(address.slot);
  return address.slot;
}

/** Somebody writes a word of the mailbox. Returns what stood there. */
function write(word: number, value: number): number {
  const at = mailboxWord(mailbox.number) + word;
  const before = ring.words[at] as number;
  ring.words[at] = value;
  return before;
}

describe("A mailbox", () => {
  it("tells of messages in their order, round and round, and is full before it overwrites one", () => {
    let next = 0;
    for (let round = 0; round < 5; round++) {
      let posted = next;
      while (!mailbox.isFull) mailbox.post(ENTRY.slot, posted % 4, posted, posted + 0.5, posted++);
      expect(posted - next).toBe(ENTRIES - 1);
      for (; reader.next(); reader.take(), next++) {
        const { kind, what, bytes, sequence, publishedMs } = reader;
        expect([kind, what, bytes, sequence, publishedMs]).toEqual([ENTRY.slot, next % 4, next, next, next + 0.5]);
      }
      mailbox.collect();
      expect([next, mailbox.isEmpty]).toEqual([posted, true]);
    }
  });

  it("has a sleeping subscriber woken once, and one that is awake never", () => {
    expect(mailbox.post(ENTRY.frame, 0, 0, 0)).toBe(false);
    expect(reader.sleep()).toBe(false);
    reader.take();
    expect(reader.sleep()).toBe(true);
    expect([mailbox.post(ENTRY.frame, 0, 0, 0), mailbox.post(ENTRY.frame, 0, 0, 0)]).toEqual([true, false]);
  });

  it("gives slots back, more often than it has places for their numbers", () => {
    for (let n = 0; n < 3 * SLOT_WORDS; n++) {
      const slots = [hold(), hold(), hold()];
      expect([slots, mailbox.held]).toEqual([[0, 1, 2], 3]);
      for (const slot of slots) expect(reader.release(slot)).toBe(false);
      mailbox.collect();
      expect(mailbox.held).toBe(0);
    }
  });

  it.each<[string, (slot: number) => void]>([
    ["a slot twice", (slot) => reader.release(slot)],
    ["a slot that was not lent", () => reader.release(3)],
    ["a slot that there is not", () => reader.release(77)],
    [
      "2^31 slots",
      () => {
        write(WORD.slots + 1, 1);
        write(WORD.released, 2 ** 31);
      },
    ],
    ["an entry that was not posted", () => reader.take()],
    ["2^31 entries", () => write(WORD.taken, 2 ** 31)],
  ])("does not believe a subscriber that gives back or takes %s, and is at once done with it", (_, lie) => {
    const slot = hold();
    hold();
    reader.release(slot);
    mailbox.collect();
    lie(slot);
    const startMs = performance.now();
    expect(() => mailbox.collect()).toThrow(expect.objectContaining({ code: "MEMORY_FAULT" }));
    // Counted one by one, 2^31 take a minute and a half.
    expect(performance.now() - startMs).toBeLessThan(2_000);
    expect(mailbox.held).toBe(1);
  });

  it("finds each word of an entry that was written over, and entries that were not posted", () => {
    for (let word = 0; word < ENTRY_WORDS; word++) {
      mailbox.post(ENTRY.slot, 1, 1000, 5.5, 2);
      expect(reader.next()).toBe(true);
      const at = WORD.entries + (word % ENTRIES) * ENTRY_WORDS + word;
      const before = write(at, 0x7ff8_0001);
      expect(() => reader.next(), `word ${word}`).toThrow(expect.objectContaining({ code: "MEMORY_FAULT" }));
      write(at, before);
      expect(reader.next()).toBe(true);
      reader.take();
    }
    for (const ahead of [1, 127, 129, 2 ** 31]) {
      const before = write(WORD.posted, ENTRY_WORDS + ahead);
      expect(() => reader.next(), `${ahead} ahead`).toThrow(expect.objectContaining({ code: "MEMORY_FAULT" }));
      write(WORD.posted, before);
    }
    expect(reader.next()).toBe(false);
  });

  it("finds a count that went back with what the publisher says over the socket", () => {
    mailbox.post(ENTRY.frame, 0, 0, 0);
    mailbox.post(ENTRY.frame, 0, 0, 0);
    write(WORD.posted, 1);
    expect(() => reader.restate(mailbox.posted)).toThrow(expect.objectContaining({ code: "MEMORY_FAULT" }));
    write(WORD.posted, 2);
    reader.take();
    write(WORD.taken, 0);
    reader.restate(2);
    mailbox.collect();
    reader.take();
    mailbox.collect();
    expect(mailbox.isEmpty).toBe(true);
    // What was said before more was posted and taken is no news.
    mailbox.post(ENTRY.frame, 0, 0, 0);
    reader.take();
    reader.restate(2);
  });

  it("does not show a subscriber a slot that was written again, is said to be longer, or is not there", () => {
    const slot = hold();
    const address = { segment: 1, slot, sequence: 2 };
    mapped.expect(address, 1000);
    const wrong: [typeof address, number][] = [
      [{ ...address, sequence: 4 }, 1000],
      [address, 999],
      [{ ...address, slot: 4 }, 1000],
      [{ ...address, slot: 2 ** 31 }, 1000],
    ];
    for (const [at, bytes] of wrong)
      expect(() => mapped.expect(at, bytes)).toThrow(expect.objectContaining({ code: "MEMORY_FAULT" }));
    const header = slotStart(ring.offer, slot) / 4;
    for (const [word, value] of [
      [header, 4],
      [header + 1, 5000],
      [header + 1, 2 ** 32 - 1],
    ] as const) {
      const before = ring.words[word] as number;
      ring.words[word] = value;
      expect(() => mapped.copy(address)).toThrow(expect.objectContaining({ code: "MEMORY_FAULT" }));
      expect(() => mapped.view(address)).toThrow(expect.objectContaining({ code: "MEMORY_FAULT" }));
      ring.words[word] = before;
    }
    expect(new Uint8Array(mapped.copy(address))).toEqual(MESSAGE[0]);
  });

  it("does not deliver a slot that is written again while it is copied", () => {
    const slot = hold();
    const address = { segment: 1, slot, sequence: 2 };
    const header = slotStart(ring.offer, slot) / 4;
    /** The publisher writes at the worst moment. */
    class LateBuffers extends FreshBuffers {
      override take(bytes: number) {
        ring.words[header] = 4;
        return super.take(bytes);
      }
    }
    using late = new MappedSegment(ring.offer, posix, new LateBuffers());
    expect(() => late.copy(address)).toThrow(expect.objectContaining({ code: "MEMORY_FAULT" }));
  });

  it("counts the writings of a slot for itself, whatever stands in memory", () => {
    const slot = hold();
    const header = slotStart(ring.offer, slot) / 4;
    ring.words[header] = 77;
    expect(ring.hold({ segment: 1, slot, sequence: 77 })).toBe(false);
    mailbox.giveBack(slot);
    expect(ring.place(MESSAGE, 1000)).toEqual({ segment: 1, slot, sequence: 4 });
  });

  it("is stalled when its subscriber leaves what it could take, twice in a row, and not before", () => {
    expect([mailbox.isStalled(), mailbox.isStalled()]).toEqual([false, false]);
    mailbox.post(ENTRY.frame, 0, 0, 0);
    expect([mailbox.isStalled(), mailbox.isStalled()]).toEqual([false, true]);
    mailbox.post(ENTRY.frame, 0, 0, 0);
    reader.take();
    mailbox.collect();
    expect([mailbox.isStalled(), mailbox.isStalled()]).toEqual([false, true]);
    reader.take();
    mailbox.collect();
    expect(mailbox.isStalled()).toBe(false);
    hold();
    expect([mailbox.isStalled(), mailbox.isStalled()]).toEqual([false, true]);
  });

  it("counts what was taken since the last time", () => {
    reader.took(1, 0xffff_fff0);
    expect(mailbox.collect()).toEqual({ messages: 1, bytes: 0xffff_fff0 });
    reader.took(2, 0x20);
    expect([mailbox.collect(), mailbox.collect()]).toEqual([
      { messages: 2, bytes: 0x20 },
      { messages: 0, bytes: 0 },
    ]);
  });

  it("has a waiting publisher told once, when the subscriber has hardly anything left to read", () => {
    for (let n = 0; n < 3; n++) mailbox.post(ENTRY.slot, hold(), 1000, 0);
    mailbox.needRoom();
    reader.take();
    expect(reader.release(0)).toBe(false);
    reader.take();
    expect([reader.release(1), reader.took(1, 1)]).toEqual([true, false]);
  });

  it("is there for so many subscriptions of a segment, whose memory stays until the last has ended", () => {
    const others = Array.from({ length: MAILBOXES - 1 }, () => ring.openMailbox() as Mailbox);
    expect(new Set(others.map(({ number }) => number)).size).toBe(MAILBOXES - 1);
    expect(ring.openMailbox()).toBeUndefined();
    hold();
    ring[Symbol.dispose]();
    for (const other of others) other[Symbol.dispose]();
    // Were the memory gone, this would end the process.
    expect(mailbox.post(ENTRY.moved, 2, 0, 0)).toBe(false);
    expect(mailbox.held).toBe(1);
  });
});
