import { PADDED, VIEW_FROM_BYTES } from "./extensions.ts";
import type { TextLists } from "./text-lists.ts";

/** A buffer that is used again starts with so much, and is given up when it has grown beyond the other. */
const KEPT_BYTES = 1024;
const MAX_KEPT_BYTES = 64 * 1024;
/** A text of fewer bytes has its length in its token. */
const SHORT_TEXT = 32;
const FLOAT = 0xcb;
const FLOAT_BYTES = 9;
/** Room for so many numbers is made at a time. */
const RUN = 256;

export class TooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`is larger than ${maxBytes} bytes`);
  }
}

/** Bytes of a message that are not copied, or what was written between such. */
interface Part {
  /** Where it begins in the message. */
  readonly start: number;
  readonly bytes: Buffer;
}

/** A growing buffer of MessagePack tokens; with `gather`, a list of such buffers and of the large arrays between them. */
export class Writer {
  #buffer: Buffer;
  #view: DataView;
  #at = 0;
  #whole: Buffer | undefined;
  /** What is complete, and where in the message the buffer begins. */
  #parts: Part[] = [];
  #start = 0;
  readonly #maxBytes: number;
  readonly #gather: boolean;
  /** Only of a writer that is used again. */
  readonly #lists: TextLists | undefined;

  constructor(maxBytes: number, gather = false, lists?: TextLists) {
    this.#maxBytes = maxBytes;
    this.#gather = gather;
    this.#lists = lists;
    // Small ones come from Node's own pool. What a frame does not need of it is lost while the frame waits to be sent.
    this.#buffer = lists === undefined ? Buffer.allocUnsafe(128) : Buffer.allocUnsafeSlow(KEPT_BYTES);
    this.#view = viewOf(this.#buffer);
  }

  /** Another message begins, in the memory of the last one. */
  restart(): void {
    this.#lists?.begin();
    this.#at = 0;
    if (this.#buffer.length > MAX_KEPT_BYTES) this.#renew(Buffer.allocUnsafeSlow(KEPT_BYTES));
    if (this.#start === 0) return;
    this.#start = 0;
    this.#parts = [];
  }

  /** The message that is written is the caller's: nothing writes over its memory. */
  takeParts(): Buffer[] {
    const parts = this.finishParts();
    this.#renew(Buffer.allocUnsafeSlow(KEPT_BYTES));
    this.#at = 0;
    this.#start = 0;
    this.#parts = [];
    return parts;
  }

  /** Copies a message that is in one piece. */
  copyTo(target: Uint8Array, at: number): void {
    // Many have the size of the last one, and a view costs as much as the copy.
    if (this.#whole?.length !== this.#at) this.#whole = this.finish();
    target.set(this.#whole, at);
  }

  get length(): number {
    return this.#start + this.#at;
  }

  /** Takes back what was written since the message had that length, which is no large array. */
  back(length: number): void {
    this.#at = length - this.#start;
  }

  finish(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  finishParts(): Buffer[] {
    return [...this.#parts.map(({ bytes }) => bytes), this.finish()];
  }

  byte(value: number): void {
    this.#room(1);
    this.#buffer[this.#at++] = value;
  }

  uint16(token: number, value: number): void {
    this.#room(3);
    this.#buffer[this.#at] = token;
    this.#view.setUint16(this.#at + 1, value);
    this.#at += 3;
  }

  uint32(token: number, value: number): void {
    this.#room(5);
    this.#buffer[this.#at] = token;
    this.#view.setUint32(this.#at + 1, value);
    this.#at += 5;
  }

  /** Numbers from the beginning of an array on; returns how many, up to the first element that is something else. */
  numbers(values: readonly unknown[]): number {
    const length = values.length;
    let i = 0;
    while (i < length) {
      const end = Math.min(length, i + RUN);
      if (!this.#hasRoom((end - i) * FLOAT_BYTES)) break;
      const read = this.#run(values, i, end);
      if (read < end) return read;
      i = end;
    }
    for (; i < length; i++) {
      const value = values[i];
      if (typeof value !== "number") break;
      this.number(value);
    }
    return i;
  }

  /** Numbers that there is room for. */
  #run(values: readonly unknown[], start: number, end: number): number {
    const buffer = this.#buffer;
    const view = this.#view;
    let at = this.#at;
    let i = start;
    for (; i < end; i++) {
      const value = values[i];
      if (typeof value !== "number") break;
      if (Number.isInteger(value)) {
        this.#at = at;
        this.number(value);
        at = this.#at;
        continue;
      }
      buffer[at] = FLOAT;
      view.setFloat64(at + 1, value);
      at += FLOAT_BYTES;
    }
    this.#at = at;
    return i;
  }

  number(value: number): void {
    if (value >>> 0 === value && (value !== 0 || 1 / value > 0)) this.#unsigned(value);
    else if (value < 0 && (value | 0) === value) this.#negative(value);
    else this.float64(value);
  }

  float64(value: number): void {
    this.#room(9);
    this.#buffer[this.#at] = FLOAT;
    this.#view.setFloat64(this.#at + 1, value);
    this.#at += 9;
  }

  bigint64(value: bigint): void {
    this.#room(9);
    const negative = value < 0n;
    this.#buffer[this.#at] = negative ? 0xd3 : 0xcf;
    if (negative) this.#view.setBigInt64(this.#at + 1, value);
    else this.#view.setBigUint64(this.#at + 1, value);
    this.#at += 9;
  }

  /** The elements of an array, if it is a list of texts that came before. */
  knownList(array: readonly unknown[]): boolean {
    const bytes = this.#lists?.bytesOf(array);
    if (bytes === undefined) return false;
    this.raw(bytes);
    return true;
  }

  /** Remembers the elements of an array, which were written since the message had that length. */
  wroteList(array: readonly unknown[], start: number): void {
    const first = start - this.#start;
    if (first >= 0) this.#lists?.came(array, this.#buffer, first, this.#at);
  }

  /** A well-formed string; false, with nothing written, when it is not. */
  string(value: string): boolean {
    const length = value.length;
    if (length < SHORT_TEXT) {
      this.#room(length + 1);
      const start = this.#at;
      let at = start + 1;
      let i = 0;
      for (; i < length; i++) {
        const unit = value.charCodeAt(i);
        if (unit > 0x7f) break;
        this.#buffer[at++] = unit;
      }
      if (i === length) {
        this.#buffer[start] = 0xa0 | length;
        this.#at = at;
        return true;
      }
    }
    if (!value.isWellFormed()) return false;
    const bytes = Buffer.byteLength(value);
    if (bytes < 0x20) this.byte(0xa0 | bytes);
    else this.header(bytes, 0xd9, 0xda, 0xdb);
    this.#room(bytes);
    this.#at += this.#buffer.write(value, this.#at, bytes, "utf8");
    return true;
  }

  raw(bytes: Uint8Array): void {
    if (this.#gather && bytes.byteLength >= VIEW_FROM_BYTES) {
      this.#append(bytes);
      return;
    }
    this.#room(bytes.byteLength);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.byteLength;
  }

  array(length: number): void {
    if (length < 0x10) this.byte(0x90 | length);
    else if (length < 0x10000) this.uint16(0xdc, length);
    else this.uint32(0xdd, length);
  }

  map(length: number): void {
    if (length < 0x10) this.byte(0x80 | length);
    else if (length < 0x10000) this.uint16(0xde, length);
    else this.uint32(0xdf, length);
  }

  /** A length behind the token that fits it: 8, 16 or 32 bits. */
  header(length: number, token8: number, token16: number, token32: number): void {
    if (length < 0x100) {
      this.byte(token8);
      this.byte(length);
    } else if (length < 0x10000) this.uint16(token16, length);
    else this.uint32(token32, length);
  }

  extension(type: number, length: number): void {
    this.header(length, 0xc7, 0xc8, 0xc9);
    this.byte(type);
  }

  reference(type: number, index: number): void {
    this.#room(6);
    this.#buffer[this.#at] = 0xd6;
    this.#buffer[this.#at + 1] = type;
    this.#view.setUint32(this.#at + 2, index);
    this.#at += 6;
  }

  /** Large ones are padded to stand at a multiple of eight, so that the reader can take them without a copy. */
  bytes(type: number, kind: number, bytes: Uint8Array): void {
    if (bytes.length < VIEW_FROM_BYTES) {
      this.extension(type, bytes.length + 1);
      this.byte(kind);
      this.raw(bytes);
      return;
    }
    this.#room(this.#gather ? 16 : bytes.length + 16);
    const padding = (8 - ((this.length + 8) % 8)) % 8;
    this.uint32(0xc9, bytes.length + 2 + padding);
    this.byte(type);
    this.byte(kind | PADDED);
    this.byte(padding);
    for (let i = 0; i < padding; i++) this.byte(0);
    this.raw(bytes);
  }

  /** Starts an extension whose length is not known yet; `endExtension` with its result fills it in. */
  beginExtension(type: number): number {
    this.uint32(0xc9, 0);
    this.byte(type);
    return this.length;
  }

  endExtension(start: number): void {
    const { bytes, at } = this.#placeOf(start - 5);
    bytes.writeUInt32BE(this.length - start, at);
  }

  /** Where something stands that was written before. */
  #placeOf(position: number): { readonly bytes: Buffer; readonly at: number } {
    if (position >= this.#start) return { bytes: this.#buffer, at: position - this.#start };
    const part = this.#parts.findLast((candidate) => candidate.start <= position) as Part;
    return { bytes: part.bytes, at: position - part.start };
  }

  #unsigned(value: number): void {
    if (value < 0x80) this.byte(value);
    else if (value < 0x100) {
      this.byte(0xcc);
      this.byte(value);
    } else if (value < 0x10000) this.uint16(0xcd, value);
    else this.uint32(0xce, value);
  }

  #negative(value: number): void {
    if (value >= -0x20) this.byte(value & 0xff);
    else if (value >= -0x80) {
      this.byte(0xd0);
      this.byte(value & 0xff);
    } else if (value >= -0x8000) this.uint16(0xd1, value & 0xffff);
    else this.uint32(0xd2, value >>> 0);
  }

  /** Goes into the message as it is, behind what was written so far. */
  #append(bytes: Uint8Array): void {
    if (this.length + bytes.byteLength > this.#maxBytes) throw new TooLargeError(this.#maxBytes);
    this.#parts.push({ start: this.#start, bytes: this.finish() });
    this.#start += this.#at;
    this.#parts.push({
      start: this.#start,
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    });
    this.#start += bytes.byteLength;
    this.#renew(Buffer.allocUnsafe(128));
    this.#at = 0;
  }

  #renew(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#view = viewOf(buffer);
    this.#whole = undefined;
  }

  /** Makes room that may not be needed; false when there would be more than a message may have. */
  #hasRoom(bytes: number): boolean {
    if (this.#at + bytes <= this.#buffer.length) return true;
    if (this.length + bytes > this.#maxBytes) return false;
    this.#room(bytes);
    return true;
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.length) return;
    if (this.#start + needed > this.#maxBytes) throw new TooLargeError(this.#maxBytes);
    // Exactly what a large array needs, with a little more for what follows it; else twice as much as before.
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, needed + 64));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#renew(grown);
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
