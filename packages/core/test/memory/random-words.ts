import { MAILBOX_BYTES, mailboxWord, WORD } from "../../src/stream/shared/mailbox-layout.ts";
import { slotStart } from "../../src/stream/shared/slot.ts";
import type { Seeded } from "../faults/seeded.ts";

const COUNTS = [0, 1, 2, 127, 128, 129, 2 ** 31, 2 ** 32 - 1];
/** Upper halves of NaN, of minus infinity, and of 1e300. */
const TIMES = [0x7ff8_0000, 0xfff0_0000, 0x7e37_e43c];
const NAMED = [WORD.posted, WORD.needsRoom, WORD.taken, WORD.asleep, WORD.released, WORD.tookMessages, WORD.tookBytes];
const SLOTS = slotStart({ strideBytes: 0 }, 0) / 4;
const PAGE_WORDS = 1024;

/** Writes one random word where something stands that matters. */
export function writeRandomWord(words: Uint32Array, random: Seeded): void {
  const at = place(words, random);
  words[at] = value(words[at] as number, random);
}

function place(words: Uint32Array, random: Seeded): number {
  // Mailboxes are used one after the other.
  const mailbox = mailboxWord(random.between(0, 6));
  switch (random.between(0, 6)) {
    case 0:
      return mailbox + random.pick(NAMED);
    case 1:
      return mailbox + WORD.slots + random.between(0, 128);
    case 2:
      return mailbox + WORD.entries + random.between(0, 1024);
    case 3:
      return mailbox + random.between(0, MAILBOX_BYTES / 4);
    case 4: {
      // Slots begin at pages, with how often they were written and how long their messages are.
      const pages = Math.floor((words.length - SLOTS) / PAGE_WORDS);
      return SLOTS + random.between(0, pages) * PAGE_WORDS + random.between(0, 2);
    }
    default:
      return random.between(SLOTS, words.length);
  }
}

function value(now: number, random: Seeded): number {
  switch (random.between(0, 5)) {
    case 0:
      return random.pick(COUNTS);
    case 1:
      return random.pick(TIMES);
    case 2:
      return now + random.between(-130, 130);
    case 3:
      return now ^ (1 << random.between(0, 32));
    default:
      return random.between(0, 2 ** 32);
  }
}
