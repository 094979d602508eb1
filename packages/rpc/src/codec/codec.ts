import { Decoder } from "./decoder.ts";
import { type ClassInstances, Encoder } from "./encoder.ts";

export interface EncodeOptions {
  /** Instances of classes are refused, or sent as their own enumerable members. Default: `refuse`. */
  readonly classInstances?: ClassInstances;
  /** What an error calls the value. Default: `value`. */
  readonly root?: string;
}

/**
 * A value as MessagePack. `undefined`, `NaN`, `-0`, `bigint`, `Date`, `RegExp`, `Error`, `Map`, `Set`, `ArrayBuffer`,
 * typed arrays, sparse arrays, null-prototype objects, cycles and shared references keep what they are. Of objects,
 * the own enumerable members with string names travel, as with `structuredClone`.
 *
 * @throws NotSerializableError naming the place of what cannot be sent.
 */
export function encode(value: unknown, options: EncodeOptions = {}): Uint8Array {
  const encoder = new Encoder(options.classInstances);
  encoder.encode(value, options.root ?? "value");
  return encoder.writer.finish();
}

/**
 * What `encode` gives, in pieces: typed arrays of 64 KB and more are not copied, but stand in the list as views of their
 * memory. So they must not change before the pieces were written.
 *
 * @throws NotSerializableError naming the place of what cannot be sent.
 */
export function encodeParts(value: unknown, options: EncodeOptions = {}): Uint8Array[] {
  const encoder = new Encoder(options.classInstances, undefined, true);
  encoder.encode(value, options.root ?? "value");
  return encoder.writer.finishParts();
}

export interface DecodeOptions {
  /**
   * Nobody else uses the memory of these bytes: large typed arrays are views of it, even if each is only a part. By default
   * they are when they are nearly all of it.
   */
  readonly isOwned?: boolean;
  /**
   * Another process may write to these bytes while they are read. What it writes may be delivered, and does no harm: texts are copied
   * before they are converted, which native code does in two passes over the same bytes. Default: false.
   */
  readonly isShared?: boolean;
}

/** The value `encode` was given. @throws FrameError for anything that is not such a message. */
export function decode(bytes: Uint8Array, options: DecodeOptions = {}): unknown {
  return new Decoder().decode(bytes, 0, bytes.byteLength, options);
}
