import type { Socket } from "node:net";
import { FRAME, HEADER_BYTES, LENGTH_BYTES, MESSAGE_HEADER_BYTES } from "./frame.ts";
import { type Outgoing, SMALL_BYTES } from "./outgoing.ts";

/** Small frames are collected, and written together at the end of the turn, or when so much is there. */
const BATCH_BYTES = 64 * 1024;
/** What stands before a large message is copied: the batch would have to be made anew for each of them. */
const SHORT_BYTES = 1024;

/** Writes frames to a socket: many small ones at once, large ones without copying them. */
export class FrameWriter {
  readonly #socket: Socket;
  #batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  #view = viewOf(this.#batch);
  #at = 0;
  #isScheduled = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** The socket takes no more before its next `drain`. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  frame(frame: Buffer): void {
    this.#room(frame.byteLength);
    frame.copy(this.#batch, this.#at);
    this.#at += frame.byteLength;
    this.#schedule();
  }

  message(subscription: number, outgoing: Outgoing): void {
    const bytes = outgoing.bytes;
    const isSmall = bytes < SMALL_BYTES;
    this.#room(MESSAGE_HEADER_BYTES + (isSmall ? bytes : 0));
    this.#header(FRAME.message, subscription, outgoing.publishedMs, 8 + bytes);
    if (isSmall) {
      outgoing.copyTo(this.#batch, this.#at);
      this.#at += bytes;
      this.#schedule();
      return;
    }
    this.#socket.cork();
    this.flush();
    if (this.#socket.writable) for (const part of outgoing.parts) if (part.byteLength > 0) this.#socket.write(part);
    this.#socket.uncork();
  }

  /** Writes what was collected now. */
  flush(): void {
    if (this.#at === 0) return;
    // Broken, and not closed yet: nothing arrives any more, and whoever publishes meanwhile shall not notice.
    if (this.#socket.writable) this.#write();
    this.#at = 0;
  }

  #write(): void {
    const bytes = this.#batch.subarray(0, this.#at);
    if (this.#at <= SHORT_BYTES) {
      this.#socket.write(Buffer.from(bytes));
      return;
    }
    this.#socket.write(bytes);
    // What the system has not taken at once is still read from this memory.
    if (this.#socket.writableLength > 0) this.#renew(BATCH_BYTES);
  }

  #header(kind: number, subscription: number, publishedMs: number, bodyBytes: number): void {
    const view = this.#view;
    const at = this.#at;
    view.setUint32(at, HEADER_BYTES - LENGTH_BYTES + bodyBytes, true);
    view.setUint8(at + LENGTH_BYTES, kind);
    view.setUint32(at + LENGTH_BYTES + 1, subscription, true);
    view.setFloat64(at + HEADER_BYTES, publishedMs, true);
    this.#at = at + MESSAGE_HEADER_BYTES;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= BATCH_BYTES) return;
    this.flush();
    if (bytes > BATCH_BYTES) this.#renew(bytes);
  }

  #renew(bytes: number): void {
    this.#batch = Buffer.allocUnsafeSlow(bytes);
    this.#view = viewOf(this.#batch);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
