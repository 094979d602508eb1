import { FrameError } from "../errors.ts";
import { bigintFromBytes } from "./bigint.ts";
import { emptyError, fillError } from "./error-body.ts";
import { EXT, MAX_DEPTH, PADDED } from "./extensions.ts";
import { bytesOfKind } from "./kinds.ts";
import { Reader } from "./reader.ts";
import type { TextCache } from "./text-cache.ts";
import { LIST_LENGTH } from "./text-lists.ts";

const FLOAT = 0xcb;
const SHORT_TEXT = 0xa0;
/** Longer arrays of numbers are read one by one. */
const MAX_RUN = 1024;
/** What a decoder that is used again keeps of its table of objects. */
const MAX_KEPT_OBJECTS = 256;

/**
 * Reads one message, or one after another. Trusts nothing: every length is checked against the bytes that are there, depth is bounded,
 * no name is looked up on an object, and nothing is allocated for elements that have not come.
 */
export class Decoder {
  readonly #reader: Reader;
  #objects: unknown[] = [];
  #objectCount = 0;
  #isOwned = false;
  /** Where numbers stand until it is known how many there are; they are nothing else, so a copy knows it is of numbers. */
  readonly #numbers: number[] = [];

  /** @param texts of a decoder that is used again */
  constructor(texts?: TextCache) {
    this.#reader = new Reader(texts);
  }

  /** @throws FrameError */
  decode(
    bytes: Uint8Array,
    start = 0,
    end = bytes.byteLength,
    { isOwned = false, isShared = false }: { readonly isOwned?: boolean; readonly isShared?: boolean } = {},
  ): unknown {
    this.#isOwned = isOwned;
    this.#reader.restart(bytes, start, end, isShared);
    const value = this.#value(0);
    if (this.#reader.remaining !== 0) throw new FrameError(`${this.#reader.remaining} bytes follow the value`);
    return value;
  }

  /** Holds on to nothing of the last message. */
  forget(): void {
    if (this.#objectCount > MAX_KEPT_OBJECTS) this.#objects = [];
    else for (let i = 0; i < this.#objectCount; i++) this.#objects[i] = undefined;
    this.#objectCount = 0;
  }

  #value(depth: number): unknown {
    const reader = this.#reader;
    const token = reader.byte();
    if (token < 0x80) return token;
    if (token === FLOAT) return reader.float64();
    if (token < 0x90) return this.#members({}, token & 0x0f, depth);
    if (token < 0xa0) return this.#array(token & 0x0f, depth);
    if (token < 0xc0) return reader.shortText(token);
    if (token >= 0xe0) return token - 0x100;
    switch (token) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.#buffer(reader.byte());
      case 0xc5:
        return this.#buffer(reader.uint16());
      case 0xc6:
        return this.#buffer(reader.uint32());
      case 0xc7:
        return this.#extension(reader.byte(), depth);
      case 0xc8:
        return this.#extension(reader.uint16(), depth);
      case 0xc9:
        return this.#extension(reader.uint32(), depth);
      case 0xca:
        return reader.float32();
      case 0xcc:
        return reader.byte();
      case 0xcd:
        return reader.uint16();
      case 0xce:
        return reader.uint32();
      case 0xcf:
        return reader.biguint64();
      case 0xd0:
        return (reader.byte() << 24) >> 24;
      case 0xd1:
        return (reader.uint16() << 16) >> 16;
      case 0xd2:
        return reader.uint32() | 0;
      case 0xd3:
        return reader.bigint64();
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (token - 0xd4), depth);
      case 0xd9:
        return reader.text(reader.byte());
      case 0xda:
        return reader.text(reader.uint16());
      case 0xdb:
        return reader.text(reader.uint32());
      case 0xdc:
        return this.#array(reader.uint16(), depth);
      case 0xdd:
        return this.#array(reader.uint32(), depth);
      case 0xde:
        return this.#members({}, reader.uint16(), depth);
      case 0xdf:
        return this.#members({}, reader.uint32(), depth);
      default:
        throw new FrameError(`0x${token.toString(16)} is not a MessagePack token`);
    }
  }

  /** Numbers an object before its members are read, so that they can refer to it. */
  #new<T>(object: T): T {
    this.#objects[this.#objectCount++] = object;
    return object;
  }

  #members(into: object, count: number, depth: number): object {
    this.#deeper(depth);
    this.#new(into);
    this.#fill(into as Record<string, unknown>, count, depth);
    return into;
  }

  #fill(into: Record<string, unknown>, count: number, depth: number): void {
    for (let i = 0; i < count; i++) {
      const key = this.#reader.key();
      if (key === "__proto__") throw new FrameError('a member is named "__proto__"');
      into[key] = this.#value(depth + 1);
    }
  }

  #array(count: number, depth: number): unknown[] {
    this.#deeper(depth);
    const first = count === 0 ? 0 : this.#reader.peek();
    if (count >= LIST_LENGTH && (first & 0xe0) === SHORT_TEXT) return this.#texts(count, depth);
    const isNumber = first === FLOAT || first < 0x80 || first >= 0xe0;
    const read = isNumber && count <= MAX_RUN ? this.#reader.floats(this.#numbers, count) : 0;
    if (read === 0) return this.#elements(this.#new([]), 0, count, depth);
    const array = this.#new<unknown[]>(this.#numbers.slice(0, read));
    return read === count ? array : this.#elements(array, read, count, depth);
  }

  #elements(array: unknown[], read: number, count: number, depth: number): unknown[] {
    for (let i = read; i < count; i++) array.push(this.#value(depth + 1));
    return array;
  }

  #texts(count: number, depth: number): unknown[] {
    const reader = this.#reader;
    const known = reader.knownList(count);
    if (known !== undefined) return this.#new(known);
    const start = reader.at;
    const array = this.#elements(this.#new([]), 0, count, depth);
    reader.readList(array, start);
    return array;
  }

  #buffer(length: number): Buffer {
    return this.#new(Buffer.from(this.#reader.bytes(length)));
  }

  #deeper(depth: number): void {
    if (depth >= MAX_DEPTH) throw new FrameError(`values are nested more than ${MAX_DEPTH} levels deep`);
  }

  #extension(length: number, depth: number): unknown {
    const reader = this.#reader;
    const type = reader.byte();
    const end = reader.endOf(length);
    const value = this.#extended(type, length, end, depth);
    if (reader.at !== end) throw new FrameError(`extension 0x${type.toString(16)} does not fill its ${length} bytes`);
    return value;
  }

  #extended(type: number, length: number, end: number, depth: number): unknown {
    const reader = this.#reader;
    switch (type) {
      case EXT.undefined:
        reader.bytes(length);
        return undefined;
      case EXT.bigint:
        return bigintFromBytes(reader.bytes(length));
      case EXT.utf16:
        return Buffer.from(reader.bytes(length)).toString("utf16le");
      case EXT.reference:
        return this.#reference(reader.uint32());
      case EXT.bytes:
        return this.#bytes(end);
      case EXT.date:
        return this.#new(new Date(this.#number(depth)));
      case EXT.regexp:
        return this.#regexp(depth);
      default:
        this.#deeper(depth);
        return this.#container(type, end, depth);
    }
  }

  #container(type: number, end: number, depth: number): unknown {
    const reader = this.#reader;
    switch (type) {
      case EXT.nullPrototype: {
        const object = this.#new(Object.create(null) as Record<string, unknown>);
        this.#fill(object, reader.mapHeader(), depth);
        return object;
      }
      case EXT.map: {
        const map = this.#new(new Map());
        while (reader.at < end) map.set(this.#value(depth + 1), this.#value(depth + 1));
        return map;
      }
      case EXT.set: {
        const set = this.#new(new Set());
        while (reader.at < end) set.add(this.#value(depth + 1));
        return set;
      }
      case EXT.sparse:
        return this.#sparse(end, depth);
      case EXT.error:
        return this.#error(depth);
      default:
        throw new FrameError(`0x${type.toString(16)} is not an extension of this protocol`);
    }
  }

  #bytes(end: number): unknown {
    const reader = this.#reader;
    const kind = reader.byte();
    if ((kind & PADDED) !== 0) reader.bytes(reader.byte());
    return this.#new(bytesOfKind(kind & ~PADDED, reader.bytes(end - reader.at), this.#isOwned));
  }

  #sparse(end: number, depth: number): unknown[] {
    const array = this.#new<unknown[]>([]);
    const length = this.#index(depth, 0xffff_ffff);
    // Setting the length of an empty array makes room for all of it; a far element makes it a table.
    if (length > 0) array[length - 1] = undefined;
    delete array[length - 1];
    while (this.#reader.at < end) {
      const index = this.#index(depth, length - 1);
      array[index] = this.#value(depth + 1);
    }
    return array;
  }

  #error(depth: number): Error {
    // The class comes before the members, so that they can refer to the error.
    const error = this.#new(emptyError(this.#reader.key()));
    const body = this.#value(depth + 1);
    if (typeof body !== "object" || body === null) throw new FrameError("an error has no body");
    fillError(error, body);
    return error;
  }

  #regexp(depth: number): RegExp {
    const source = this.#value(depth);
    const flags = this.#value(depth);
    try {
      return this.#new(new RegExp(String(source), String(flags)));
    } catch {
      throw new FrameError("a regular expression is not valid");
    }
  }

  #reference(index: number): unknown {
    if (index >= this.#objectCount) throw new FrameError(`there is no object ${index} to refer to`);
    return this.#objects[index];
  }

  #number(depth: number): number {
    const value = this.#value(depth);
    if (typeof value !== "number") throw new FrameError("a number is missing");
    return value;
  }

  #index(depth: number, max: number): number {
    const value = this.#number(depth);
    if (!Number.isInteger(value) || value < 0 || value > max) throw new FrameError(`${value} is not an index`);
    return value;
  }
}
