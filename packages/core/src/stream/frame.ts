/**
 * Frames on a data socket: `u32 length | u8 kind | u32 subscription | ...`, little endian, length counted from the kind
 * byte on. `publishedMs` is a time on the monotonic clock of the host.
 *
 * Subscriber to publisher:
 * - SUBSCRIBE: MessagePack `{ topic, messageName, qos, pid }`
 * - ASK: MessagePack `Qos`; what the subscription asks for from now on
 * - UNSUBSCRIBE
 * - TOOK: `u32 messages | u32 bytes`; this many were taken, and with `keep: "all"` make room for others
 * - MAPPED: `u32 segment | u32 1 or 0`; the segment that was offered can be used, or not
 * - RELEASE: `u32 segment | u32 slot`; a slot of a segment that was replaced is no longer read
 * - ROOM: the publisher waits for room, and there is some, as the mailbox tells; or the answer to LOOK
 * - FAULT: the mailbox cannot be right; the answer is RESET
 * - RESTARTED: the answer to RESET; what was said of a mailbox before this is of no account
 *
 * Publisher to subscriber:
 * - SUBSCRIBED: the answer to SUBSCRIBE and ASK; they hold for whatever is published from now on
 * - MESSAGE: `f64 publishedMs | MessagePack body`
 * - SEGMENT: MessagePack `MailboxOffer`; shared memory that messages of this subscription may come in, once it is mapped
 * - OPEN: `u32 segment`; from here on the mailbox in this segment tells of every message, and where to find it
 * - BELL: the subscriber sleeps, and there is something in the mailbox
 * - LOOK: `u32 segment | u32 entries`; so many were posted in that mailbox, and nothing has been taken or given back for a while
 * - RESET: the mailbox cannot be right: from here on messages come over the socket, until a segment is offered and mapped
 * - REFUSED: `u32 most`; the connection has that many subscriptions, and gets no more
 */
export const FRAME = {
  subscribe: 1,
  unsubscribe: 2,
  message: 3,
  subscribed: 4,
  took: 5,
  segment: 6,
  mapped: 7,
  release: 8,
  open: 9,
  bell: 10,
  room: 11,
  ask: 12,
  fault: 13,
  restarted: 14,
  look: 15,
  reset: 16,
  refused: 17,
} as const;

export const LENGTH_BYTES = 4;
/** Length, kind and subscription. */
export const HEADER_BYTES = LENGTH_BYTES + 1 + 4;
/** What stands before the body of a message. */
export const MESSAGE_HEADER_BYTES = HEADER_BYTES + 8;
/** Frames of this size stand in memory of their own, into which they are copied once. */
export const LARGE_FRAME_BYTES = 32 * 1024;

/** A frame with a few numbers in it, or with a body. */
export function encodeFrame(kind: number, subscription: number, body: Uint8Array | readonly number[] = []): Buffer {
  const bodyBytes = body instanceof Uint8Array ? body.byteLength : body.length * 4;
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bodyBytes);
  frame.writeUInt32LE(HEADER_BYTES - LENGTH_BYTES + bodyBytes, 0);
  frame.writeUInt8(kind, LENGTH_BYTES);
  frame.writeUInt32LE(subscription, LENGTH_BYTES + 1);
  if (body instanceof Uint8Array) frame.set(body, HEADER_BYTES);
  else for (let i = 0; i < body.length; i++) frame.writeUInt32LE(body[i] as number, HEADER_BYTES + i * 4);
  return frame;
}
