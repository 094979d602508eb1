import { HEADER_BYTES, LARGE_FRAME_BYTES, LENGTH_BYTES, MESSAGE_HEADER_BYTES } from "./frame.ts";
import type { FreshBuffers } from "./shared/fresh-buffers.ts";

/** Larger frames end the connection: nothing dimos sends is that large. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;
/** A message that begins here in a large frame's memory has its body at a multiple of eight. */
const LARGE_FRAME_START = 24 - MESSAGE_HEADER_BYTES;
/** One more call to the system costs more than to copy a smaller frame. */
const DIRECT_BYTES = 256 * 1024;

/** Takes a frame: what follows the subscription stands in `bytes` from `start` to `end`, until it returns. */
export type TakeFrame = (kind: number, subscription: number, bytes: Buffer, start: number, end: number) => void;

interface LargeFrame {
  readonly bytes: Buffer;
  filled: number;
}

/** Cuts a byte stream into frames. Throws on a frame that cannot be right. */
export class FrameReader {
  readonly #take: TakeFrame;
  readonly #fresh: FreshBuffers;
  /** The beginning of a frame, the rest of which has not come. */
  #begun: Buffer | undefined;
  #large: LargeFrame | undefined;
  #isAfterLarge = false;
  readonly #head = Buffer.allocUnsafe(MESSAGE_HEADER_BYTES);

  constructor(take: TakeFrame, fresh: FreshBuffers) {
    this.#take = take;
    this.#fresh = fresh;
  }

  /**
   * Where to read to, if not anywhere: what is read into the memory of a very large frame need not be copied. After one,
   * only the beginning of the next frame is read, so that the rest can be.
   */
  get target(): Buffer | undefined {
    const large = this.#large;
    if (large !== undefined) return isWorthIt(large.bytes) ? large.bytes.subarray(large.filled) : undefined;
    return this.#isAfterLarge ? this.#head : undefined;
  }

  /** The memory of `chunk` may be used for something else afterwards. */
  read(chunk: Buffer): void {
    this.#isAfterLarge = false;
    let at = this.#goOn(chunk);
    while (chunk.length - at >= LENGTH_BYTES) {
      const end = at + LENGTH_BYTES + lengthAt(chunk, at);
      if (end - at - LENGTH_BYTES >= LARGE_FRAME_BYTES) at += this.#beginLarge(end - at, chunk.subarray(at));
      else if (end > chunk.length) break;
      else {
        this.#isAfterLarge = false;
        this.#emit(chunk, at + LENGTH_BYTES, end);
        at = end;
      }
    }
    if (at < chunk.length) this.#begun = Buffer.from(chunk.subarray(at));
  }

  /** Goes on with the frame that has begun, and returns how much of the chunk belongs to it. */
  #goOn(chunk: Buffer): number {
    if (this.#large !== undefined) return this.#fill(this.#large, chunk);
    const begun = this.#begun;
    if (begun === undefined) return 0;
    const head = Buffer.concat([begun, chunk.subarray(0, LENGTH_BYTES)]);
    const bytes = head.length < LENGTH_BYTES ? 0 : LENGTH_BYTES + lengthAt(head, 0);
    if (bytes - LENGTH_BYTES >= LARGE_FRAME_BYTES) {
      this.#begun = undefined;
      this.#beginLarge(bytes, begun);
      return this.#goOn(chunk);
    }
    const missing = bytes - begun.length;
    if (bytes === 0 || missing > chunk.length) {
      this.#begun = Buffer.concat([begun, chunk]);
      return chunk.length;
    }
    this.#begun = undefined;
    this.#emit(Buffer.concat([begun, chunk.subarray(0, missing)]), LENGTH_BYTES, bytes);
    return missing;
  }

  /** Returns how much of the chunk, which begins with it, belongs to the large frame. */
  #beginLarge(bytes: number, chunk: Buffer): number {
    this.#large = { bytes: this.#fresh.take(LARGE_FRAME_START + bytes), filled: LARGE_FRAME_START };
    return this.#fill(this.#large, chunk);
  }

  /** Returns how much of the chunk belongs to the large frame. */
  #fill(large: LargeFrame, chunk: Buffer): number {
    const taken = Math.min(chunk.length, large.bytes.length - large.filled);
    const isThere = chunk.buffer === large.bytes.buffer && chunk.byteOffset === large.bytes.byteOffset + large.filled;
    if (!isThere) chunk.copy(large.bytes, large.filled, 0, taken);
    large.filled += taken;
    if (large.filled === large.bytes.length) {
      this.#large = undefined;
      this.#isAfterLarge = isWorthIt(large.bytes);
      this.#emit(large.bytes, LARGE_FRAME_START + LENGTH_BYTES, large.bytes.length);
    }
    return taken;
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    this.#take(bytes[start] as number, bytes.readUInt32LE(start + 1), bytes, start + HEADER_BYTES - LENGTH_BYTES, end);
  }
}

function isWorthIt({ length }: Buffer): boolean {
  return length >= DIRECT_BYTES;
}

function lengthAt(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32LE(at);
  if (length < HEADER_BYTES - LENGTH_BYTES || length > MAX_FRAME_BYTES)
    throw new RangeError(`Frame of ${length} bytes on a data socket`);
  return length;
}
