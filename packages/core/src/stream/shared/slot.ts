import { MAILBOX_BYTES, MAILBOXES } from "./mailbox-layout.ts";

/** A slot begins with a u32 that counts its writings (odd while one is under way), and a u32 with the bytes of the message. */
export const SLOT_HEADER_BYTES = 64;
const PAGE_BYTES = 4096;

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
