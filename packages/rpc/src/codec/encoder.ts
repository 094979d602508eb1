import { types } from "node:util";
import { classNameOf, isPlainPrototype } from "../built-in.ts";
import { NotSerializableError } from "../errors.ts";
import { bigintBytes } from "./bigint.ts";
import { describeError } from "./error-body.ts";
import { ARRAY_BUFFER_KIND, BYTE_KINDS, DATA_VIEW_KIND, EXT, MAX_DEPTH } from "./extensions.ts";
import { refusalOf } from "./refusals.ts";
import { SeenObjects } from "./seen-objects.ts";
import { LIST_LENGTH, type TextLists } from "./text-lists.ts";
import { TooLargeError, Writer } from "./writer.ts";

export type ClassInstances = "refuse" | "plain";

const MAX_FRAME_BYTES = 0x7fff_ffff;
const typedArrayName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as (this: unknown) => string | undefined;

const elementAt = Array.prototype.at;

/** Why a value cannot travel, with the way to it, collected while the walk unwinds. */
class Refusal extends Error {
  readonly steps: PropertyKey[] = [];
}

/** Writes one message, or one after another. The walk that writes a value is the one that refuses it, so nothing is looked at twice. */
export class Encoder {
  readonly writer: Writer;
  readonly #classInstances: ClassInstances;
  /** For cycles, and for what is shared. */
  readonly #seen = new SeenObjects();

  /** @param lists of an encoder that is used again */
  constructor(
    classInstances: ClassInstances = "refuse",
    maxBytes = MAX_FRAME_BYTES,
    gather = false,
    lists?: TextLists,
  ) {
    this.#classInstances = classInstances;
    this.writer = new Writer(maxBytes, gather, lists);
  }

  /** Another message begins, in the memory of the last one. */
  restart(): void {
    this.writer.restart();
  }

  /** Holds on to nothing of the last message but its bytes. */
  forget(): void {
    this.#seen.clear();
  }

  /** @throws NotSerializableError that calls the value `root`. */
  encode(value: unknown, root: string): void {
    try {
      this.#value(value, 0);
    } catch (error) {
      if (error instanceof Refusal)
        throw new NotSerializableError(root + error.steps.map(step).join(""), error.message);
      if (error instanceof TooLargeError) throw new NotSerializableError(root, error.message);
      throw error;
    }
  }

  /**
   * A map of a few plain fields, and one value under `key` that may be anything.
   * @throws NotSerializableError that calls the value `root`.
   */
  encodeFrame(
    fields: Readonly<Record<string, string | number | boolean>>,
    key: string,
    value: unknown,
    root: string,
  ): void {
    const names = Object.keys(fields);
    this.#seen.number(fields);
    this.writer.map(names.length + 1);
    for (const name of names) {
      this.writer.string(name);
      this.#value(fields[name], 1);
    }
    this.writer.string(key);
    this.encode(value, root);
  }

  #value(value: unknown, depth: number): void {
    switch (typeof value) {
      case "number":
        this.writer.number(value);
        break;
      case "string":
        this.#string(value);
        break;
      case "boolean":
        this.writer.byte(value ? 0xc3 : 0xc2);
        break;
      case "object":
        if (value === null) this.writer.byte(0xc0);
        else this.#object(value, depth);
        break;
      case "undefined":
        this.writer.uint16(0xd4, EXT.undefined);
        break;
      case "bigint":
        this.#bigint(value);
        break;
      default:
        throw new Refusal(`is a ${typeof value}`);
    }
  }

  #string(value: string): void {
    if (this.writer.string(value)) return;
    this.writer.extension(EXT.utf16, value.length * 2);
    this.writer.raw(Buffer.from(value, "utf16le"));
  }

  #bigint(value: bigint): void {
    if (value >= -0x8000_0000_0000_0000n && value <= 0xffff_ffff_ffff_ffffn) {
      this.writer.bigint64(value);
      return;
    }
    const bytes = bigintBytes(value);
    this.writer.extension(EXT.bigint, bytes.length);
    this.writer.raw(bytes);
  }

  #object(value: object, depth: number): void {
    const known = this.#seen.number(value);
    if (known !== undefined) {
      this.writer.reference(EXT.reference, known);
      return;
    }
    if (depth >= MAX_DEPTH) throw new Refusal(`is nested more than ${MAX_DEPTH} levels deep`);
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Array.isArray(value)) this.#array(value, prototype, depth);
    else if (prototype === Object.prototype) this.#members(value, depth);
    else if (prototype === null) this.#extension(EXT.nullPrototype, () => this.#members(value, depth));
    else this.#exotic(value, prototype, depth);
  }

  #exotic(value: object, prototype: object, depth: number): void {
    if (ArrayBuffer.isView(value)) this.#view(value, prototype);
    else if (types.isDate(value)) this.#date(value);
    else if (types.isMap(value)) this.#map(value, depth);
    else if (types.isSet(value)) this.#set(value, depth);
    else if (types.isArrayBuffer(value)) this.writer.bytes(EXT.bytes, ARRAY_BUFFER_KIND, new Uint8Array(value));
    else if (types.isNativeError(value)) this.#error(value, depth);
    else if (types.isRegExp(value)) this.#regexp(value);
    else {
      const refusal = isPlainPrototype(prototype) ? undefined : refusalOf(value, prototype, this.#classInstances);
      if (refusal !== undefined) throw new Refusal(refusal);
      this.#members(value, depth);
    }
  }

  /** Own enumerable members; their getters run. */
  #members(value: object, depth: number): void {
    const keys = Object.keys(value);
    this.writer.map(keys.length);
    let key = "";
    try {
      for (key of keys) {
        if (key === "__proto__") throw new Refusal("is a member that cannot be sent; rename it");
        if (!this.writer.string(key)) throw new Refusal("is a name that is not well-formed Unicode");
        this.#value((value as Record<string, unknown>)[key], depth + 1);
      }
    } catch (error) {
      throw at(error, key);
    }
  }

  #array(value: readonly unknown[], prototype: object | null, depth: number): void {
    if (prototype !== Array.prototype) this.#exactly(value, Array);
    const length = value.length;
    const before = this.writer.length;
    this.writer.array(length);
    // Most are nothing but numbers; those have no hole. (Reading elements of all kinds of arrays at one place in the code
    // would make the engine turn arrays of numbers into such of anything.)
    const first: unknown = elementAt.call(value, 0);
    let i = typeof first === "number" ? this.writer.numbers(value) : 0;
    if (i < length && hasHole(value, i)) {
      this.writer.back(before);
      this.#sparse(value, depth);
      return;
    }
    const isList = typeof first === "string" && length >= LIST_LENGTH;
    if (isList && this.writer.knownList(value)) return;
    const start = this.writer.length;
    try {
      for (; i < length; i++) this.#value(value[i], depth + 1);
    } catch (error) {
      throw at(error, i);
    }
    if (isList) this.writer.wroteList(value, start);
  }

  #sparse(value: readonly unknown[], depth: number): void {
    this.#extension(EXT.sparse, () => {
      this.writer.number(value.length);
      for (const key of Object.keys(value)) {
        const index = Number(key);
        if (String(index >>> 0) !== key) break; // named properties follow the indices, and are not part of the value
        this.writer.number(index);
        this.#child(value[index], depth, index);
      }
    });
  }

  #map(value: ReadonlyMap<unknown, unknown>, depth: number): void {
    this.#exactly(value, Map);
    this.#extension(EXT.map, () => {
      for (const [key, entry] of value) {
        this.#child(key, depth, "(a key)");
        this.#child(entry, depth, typeof key === "object" ? "(a value)" : String(key));
      }
    });
  }

  #set(value: ReadonlySet<unknown>, depth: number): void {
    this.#exactly(value, Set);
    this.#extension(EXT.set, () => {
      for (const entry of value) this.#child(entry, depth, "(a member)");
    });
  }

  #date(value: Date): void {
    this.#exactly(value, Date);
    this.#extension(EXT.date, () => this.writer.float64(value.getTime()));
  }

  #error(value: Error, depth: number): void {
    const { class: className, ...body } = describeError(value);
    this.#extension(EXT.error, () => {
      this.writer.string(className);
      this.#child(body, depth);
    });
  }

  #regexp(value: RegExp): void {
    this.#exactly(value, RegExp);
    this.#extension(EXT.regexp, () => {
      this.#string(value.source);
      this.#string(value.flags);
    });
  }

  #view(value: ArrayBufferView, prototype: object): void {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (prototype === Buffer.prototype) {
      this.writer.header(bytes.length, 0xc4, 0xc5, 0xc6);
      this.writer.raw(bytes);
      return;
    }
    const name = typedArrayName.call(value) ?? "DataView";
    if (classNameOf(value) !== name) throw new Refusal(`is an instance of ${classNameOf(value)}`);
    const kind = name === "DataView" ? DATA_VIEW_KIND : (BYTE_KINDS as readonly string[]).indexOf(name);
    this.writer.bytes(EXT.bytes, kind, bytes);
  }

  /** A subclass would arrive as its base, which is not what was sent. */
  #exactly(value: object, base: { readonly name: string }): void {
    const name = classNameOf(value);
    if (name !== base.name) throw new Refusal(`is an instance of ${name}`);
  }

  #extension(type: number, body: () => void): void {
    const start = this.writer.beginExtension(type);
    body();
    this.writer.endExtension(start);
  }

  #child(value: unknown, depth: number, key?: PropertyKey): void {
    try {
      this.#value(value, depth + 1);
    } catch (error) {
      throw key === undefined ? error : at(error, key);
    }
  }
}

/** Stops at the first hole, so an array of a few elements and an enormous length costs nothing. */
function hasHole(value: readonly unknown[], from: number): boolean {
  for (let i = from; i < value.length; i++) if (value[i] === undefined && !(i in value)) return true;
  return false;
}

/** The same refusal, one step nearer to the root. What else was thrown came out of a getter. */
function at(error: unknown, key: PropertyKey): unknown {
  if (error instanceof TooLargeError) return error;
  const refusal = error instanceof Refusal ? error : new Refusal(`cannot be read: ${messageOf(error)}`);
  refusal.steps.unshift(key);
  return refusal;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "its getter threw";
}

function step(key: PropertyKey): string {
  if (typeof key === "number") return `[${key}]`;
  const name = String(key);
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
