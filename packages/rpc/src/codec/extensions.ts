/**
 * MessagePack extension types of the codec. Types that hold other values carry them as MessagePack in their body, so
 * a foreign reader can skip what it does not know. README.md shows each on the wire.
 */
export const EXT = {
  undefined: 0x00, // one byte, ignored
  bigint: 0x42, // two's complement, big endian, beyond 64 bits
  date: 0x44, // float64 milliseconds, NaN for an invalid date
  error: 0x65, // a map: class, message, stack, own (see error-body.ts)
  nullPrototype: 0x6e, // the body of a map
  sparse: 0x61, // a length, then index and value in turn
  map: 0x6d, // keys and values in turn
  set: 0x73, // values
  reference: 0x70, // uint32: the n-th object of this message, counted from 0 in order of appearance
  bytes: 0x74, // a kind byte, then the raw bytes, little endian (behind padding: see PADDED)
  regexp: 0x78, // source, flags
  utf16: 0x75, // a string that is not well-formed Unicode, as UTF-16, little endian
} as const;

export const MAX_DEPTH = 64;

/** From here typed arrays are padded and read as views: a copy costs more than what the frame around them holds on to. */
export const VIEW_FROM_BYTES = 64 * 1024;

/** With this bit in the kind byte, a count of padding bytes and the padding follow it. */
export const PADDED = 0x80;

/** Kinds of `EXT.bytes` by code. The first eleven codes are those msgpackr uses. */
export const BYTE_KINDS = [
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "Float16Array",
] as const;
export const ARRAY_BUFFER_KIND = 16;
export const DATA_VIEW_KIND = 17;

export const ERROR_CLASSES = [
  "Error",
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
  "AggregateError",
] as const;
