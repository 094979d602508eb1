import { FrameError } from "../errors.ts";
import { CACHED_BYTES, type TextCache } from "./text-cache.ts";

/** Below this, reading characters one by one is faster than a call into the runtime. */
const SHORT_TEXT = 24;

const NOTHING = Buffer.alloc(0);
const EMPTY_VIEW = new DataView(NOTHING.buffer);
const FLOAT_TOKEN = 0xcb;
const FLOAT_BYTES = 9;
/** After so many integers, an array is taken for one of integers. */
const MAX_LEADING = 4;

/** A cursor over bytes that never reads past their end. */
export class Reader {
  /** Place in the memory that the bytes are a part of. */
  at = 0;
  #end = 0;
  /** What was read from last, and the memory that it is a part of. */
  #last: Uint8Array = NOTHING;
  #base = 0;
  #memory: ArrayBufferLike = NOTHING.buffer;
  #memoryBytes = 0;
  #bytes: Buffer = NOTHING;
  #view: DataView = EMPTY_VIEW;
  #isShared = false;
  /** Only of a reader that is used again. */
  readonly #texts: TextCache | undefined;

  constructor(texts?: TextCache) {
    this.#texts = texts;
  }

  /** Stands before these bytes. What they are a part of is kept: it is likely to hold the next ones. */
  restart(bytes: Uint8Array, start: number, end: number, isShared = false): void {
    this.#isShared = isShared;
    if (bytes !== this.#last) this.#reach(bytes);
    this.at = this.#base + start;
    this.#end = this.#base + end;
    this.#texts?.lists.begin();
  }

  get remaining(): number {
    return this.#end - this.at;
  }

  peek(): number {
    if (this.at >= this.#end) throw cut();
    return this.#bytes[this.at] as number;
  }

  byte(): number {
    if (this.at >= this.#end) throw cut();
    return this.#bytes[this.at++] as number;
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  float32(): number {
    return this.#view.getFloat32(this.#take(4));
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  bigint64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  biguint64(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }

  /** Floats, and small integers between them, as long as they follow each other; returns how many, 0 if there is no float. */
  floats(into: number[], count: number): number {
    const bytes = this.#bytes;
    const view = this.#view;
    const end = this.#end;
    let at = this.at;
    let i = 0;
    let floats = 0;
    for (; i < count && at < end; i++) {
      const token = bytes[at] as number;
      if (token === FLOAT_TOKEN) {
        if (at + FLOAT_BYTES > end) break;
        into[i] = view.getFloat64(at + 1);
        at += FLOAT_BYTES;
        floats++;
      } else if (token < 0x80 || token >= 0xe0) {
        if (floats === 0 && i > MAX_LEADING) return 0;
        into[i] = (token << 24) >> 24;
        at++;
      } else break;
    }
    if (floats === 0) return 0;
    this.at = at;
    return i;
  }

  /** A view, not a copy. */
  bytes(length: number): Buffer {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  endOf(length: number): number {
    if (length > this.remaining) throw cut();
    return this.at + length;
  }

  text(length: number): string {
    const start = this.#take(length);
    if (length > SHORT_TEXT) return this.#convert(start, length);
    let text = "";
    for (let i = start; i < start + length; i++) {
      const unit = this.#bytes[i] as number;
      if (unit > 0x7f) return this.#convert(start, length);
      text += String.fromCharCode(unit);
    }
    return text;
  }

  /** Measures the text, then fills a string of that length: the bytes must not change in between. */
  #convert(start: number, length: number): string {
    const bytes = this.#bytes.subarray(start, start + length);
    return (this.#isShared ? Buffer.from(bytes) : bytes).toString("utf8");
  }

  /** The elements of an array, if they are a list of texts that came before. */
  knownList(length: number): string[] | undefined {
    const list = this.#texts?.lists.listAt(length, this.#view, this.at, this.#end);
    if (list === undefined) return undefined;
    this.at += list.bytes.length;
    return list.texts.slice();
  }

  /** Remembers the elements of an array, which were read from there on. */
  readList(array: readonly unknown[], start: number): void {
    this.#texts?.lists.came(array, this.#bytes, start, this.at);
  }

  /** A text whose token, which has its length, was read. */
  shortText(token: number): string {
    const length = token & 0x1f;
    const tokenAt = this.at - 1;
    const texts = tokenAt + CACHED_BYTES > this.#memoryBytes ? undefined : this.#texts;
    const known = texts?.find(this.#view, tokenAt, length);
    if (known !== undefined) {
      this.#take(length);
      return known;
    }
    const text = this.text(length);
    texts?.came(text);
    return text;
  }

  /** The name of a member, or another token that has to be a string. */
  key(): string {
    const token = this.byte();
    if (token >= 0xa0 && token < 0xc0) return this.shortText(token);
    if (token === 0xd9) return this.text(this.byte());
    if (token === 0xda) return this.text(this.uint16());
    if (token === 0xdb) return this.text(this.uint32());
    throw new FrameError("the name of a member is not a string");
  }

  mapHeader(): number {
    const token = this.byte();
    if (token >= 0x80 && token < 0x90) return token & 0x0f;
    if (token === 0xde) return this.uint16();
    if (token === 0xdf) return this.uint32();
    throw new FrameError("a map is missing");
  }

  #reach(bytes: Uint8Array): void {
    const memory = bytes.buffer;
    this.#last = bytes;
    this.#base = bytes.byteOffset;
    if (memory === this.#memory) return;
    this.#memory = memory;
    this.#memoryBytes = memory.byteLength;
    this.#bytes = Buffer.from(memory);
    this.#view = new DataView(memory);
  }

  #take(length: number): number {
    const start = this.at;
    if (length < 0 || length > this.remaining) throw cut();
    this.at = start + length;
    return start;
  }
}

function cut(): FrameError {
  return new FrameError("the message ends in the middle of a value");
}
