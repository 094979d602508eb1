import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FreshBuffers } from "./fresh-buffers.ts";
import type { Mailbox } from "./mailbox.ts";
import { ENTRIES, ENTRY, MAILBOXES, SLOT_WORDS } from "./mailbox-layout.ts";
import { MailboxReader } from "./mailbox-reader.ts";
import { MappedSegment } from "./mapped-segment.ts";
import { loadPosix, type Posix } from "./posix.ts";
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

describe("A mailbox", () => {
  it("tells of messages in their order, round and round, and is full before it overwrites one", () => {
    let next = 0;
    for (let round = 0; round < 5; round++) {
      let posted = next;
      while (!mailbox.isFull) mailbox.post(ENTRY.slot, posted % 4, posted, posted + 0.5, posted++);
      expect(posted - next).toBe(ENTRIES - 1);
      for (; reader.hasNext; reader.take(), next++) {
        const { kind, what, bytes, sequence, publishedMs } = reader;
        expect([kind, what, bytes, sequence, publishedMs]).toEqual([ENTRY.slot, next % 4, next, next, next + 0.5]);
      }
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

  it("gives back no slot twice, and none that is not held", () => {
    const slot = hold();
    reader.release(slot);
    reader.release(slot);
    reader.release(3);
    reader.release(77);
    mailbox.collect();
    expect([hold(), hold(), hold(), hold()]).toEqual([0, 1, 2, 3]);
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
