import { type Payload, payloadBytes, type Stamped } from "../payload.ts";

const STAMP_BYTES = 12;

/**
 * For links that move bytes: number and time, and then as many bytes as the message would have, without encoding it.
 * The same buffer each time; a link that keeps it has to copy it.
 */
export function frameBytes(payload: Payload): (message: Stamped) => Buffer {
  const frame = Buffer.alloc(Math.max(STAMP_BYTES, payloadBytes(payload)), 7);
  return ({ n, t }) => {
    frame.writeUInt32LE(n, 0);
    frame.writeDoubleLE(t, 4);
    return frame;
  };
}

export function readStamp(frame: Buffer): Stamped {
  return { n: frame.readUInt32LE(0), t: frame.readDoubleLE(4) };
}

/** Enough that a frame is not written again while up to this many bytes wait to be sent. */
const RING_BYTES = 2 * 1024 * 1024;
const MIN_RING = 4;

/** As `frameBytes`, for links that hold on to what they send: small frames are new, large ones come from a ring. */
export function frameRing(payload: Payload): (message: Stamped) => Buffer {
  const bytes = payloadBytes(payload);
  if (bytes < 32 * 1024) {
    const bytesOf = frameBytes(payload);
    return (message) => Buffer.from(bytesOf(message));
  }
  const ring = Array.from({ length: MIN_RING + Math.ceil(RING_BYTES / bytes) }, () => frameBytes(payload));
  let next = 0;
  return (message) => (ring[next++ % ring.length] as (message: Stamped) => Buffer)(message);
}
