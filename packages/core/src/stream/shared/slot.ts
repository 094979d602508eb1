import { MAILBOX_BYTES, MAILBOXES, SLOT_WORDS } from "./mailbox-layout.ts";

/** A slot begins with a u32 that counts its writings (odd while one is under way), and a u32 with the bytes of the message. */
export const SLOT_HEADER_BYTES = 64;
const PAGE_BYTES = 4096;
/** Of a segment: the largest messages in sixteen slots have room in it. */
const MAX_SEGMENT_BYTES = 8 * 1024 ** 3;

/** Where a segment of shared memory is, and how it is cut: mailboxes, then slots. What a publisher offers a subscriber. */
export interface SegmentOffer {
  readonly segment: number;
  readonly pid: number;
  readonly fd: number;
  readonly slots: number;
  /** From one slot to the next. */
  readonly strideBytes: number;
}

/** A segment with the mailbox that this subscriber has in it. */
export interface MailboxOffer extends SegmentOffer {
  readonly mailbox: number;
}

/** One writing of a slot. */
export interface SlotAddress {
  readonly segment: number;
  readonly slot: number;
  readonly sequence: number;
}

export function strideOf(messageBytes: number): number {
  return Math.ceil((SLOT_HEADER_BYTES + messageBytes) / PAGE_BYTES) * PAGE_BYTES;
}

/** Where a slot begins in its segment; for the number of all slots, the size of the segment. */
export function slotStart({ strideBytes }: Pick<SegmentOffer, "strideBytes">, slot: number): number {
  return MAILBOXES * MAILBOX_BYTES + slot * strideBytes;
}

/** An offer as it came over the socket. @throws RangeError for one that no publisher makes */
export function checkedOffer(value: unknown): MailboxOffer {
  const { segment, pid, fd, slots, strideBytes, mailbox } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isRight =
    isWithin(segment, 0, 0xffff_ffff) &&
    isWithin(pid, 1, 0x7fff_ffff) &&
    isWithin(fd, 0, 0x7fff_ffff) &&
    isWithin(slots, 1, SLOT_WORDS) &&
    isWithin(strideBytes, PAGE_BYTES, MAX_SEGMENT_BYTES) &&
    strideBytes % PAGE_BYTES === 0 &&
    slotStart({ strideBytes }, slots) <= MAX_SEGMENT_BYTES &&
    isWithin(mailbox, 0, MAILBOXES - 1);
  if (!isRight) throw new RangeError("A segment is offered that cannot be one");
  return { segment, pid, fd, slots, strideBytes, mailbox };
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
