/**
 * A mailbox is the part of a segment in which its publisher and one subscriber tell each other what they have done, so that
 * neither has to wake the other while both are at work. Each word has one writer, except the two bells: who rings one has
 * set it back, and sends a frame. Counts are u32 and wrap around.
 *
 * Written by the publisher:
 * - `posted`: entries so far
 * - `needsRoom`: 1 while it waits; the subscriber sets it back, and sends ROOM
 *
 * Written by the subscriber:
 * - `taken`: entries so far
 * - `asleep`: 1 while it waits; the publisher sets it back, and sends BELL
 * - `released`: slots given back so far, whose numbers stand in a ring of words
 * - `tookMessages`, `tookBytes`: what a `keep: "all"` stream has room for again
 *
 * An entry is `u32 kind | u32 a slot or a segment | u32 sequence | u32 bytes | f64 publishedMs | u32 number | u32 check`: its
 * number is what `posted` was before it, and its check is the exclusive or of its seven other words, so that what was written
 * over, or not written yet, is not taken for an entry.
 *
 * Any process that has mapped the segment can write any of these words: `README.md` says what is checked of each.
 */
export const MAILBOX_BYTES = 8192;
/** Subscriptions in the life of a segment: a mailbox has one reader ever, so that one which was late to hear of its end disturbs nobody. */
export const MAILBOXES = 32;

/** Words from the beginning of a mailbox, in lines of their own for each writer. */
export const WORD = {
  posted: 0,
  needsRoom: 1,
  taken: 16,
  asleep: 17,
  released: 18,
  tookMessages: 19,
  tookBytes: 20,
  slots: 32,
  entries: 256,
} as const;

/** As many as a segment has slots at most. */
export const SLOT_WORDS = 128;
export const ENTRIES = 128;
export const ENTRY_WORDS = 8;
/** Where in an entry these stand, in words. */
export const ENTRY_TIME = 4;
export const ENTRY_NUMBER = 6;
export const ENTRY_CHECK = 7;

export const ENTRY = {
  /** A message in a slot. */
  slot: 1,
  /** A message that comes over the socket. */
  frame: 2,
  /** The last one: what follows is in the mailbox of the segment that was mapped last. */
  moved: 3,
} as const;

export function mailboxWord(mailbox: number): number {
  return (mailbox * MAILBOX_BYTES) / 4;
}
