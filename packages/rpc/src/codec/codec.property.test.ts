import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { Packr } from "msgpackr";
import { expect, test } from "vitest";
import { NotSerializableError } from "../errors.ts";
import { decode, encode } from "./codec.ts";

const RUNS = Number(process.env.DIMOS_FUZZ ?? 20_000) / 4;

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
  maxDepth: 4,
});

test("B1 anything comes back equal or is refused with its place, and is never silently different", () => {
  fc.assert(
    fc.property(anything, (value) => {
      let bytes: Uint8Array;
      try {
        bytes = encode(value);
      } catch (error) {
        expect(error).toBeInstanceOf(NotSerializableError);
        expect((error as Error).message).toMatch(/^value/);
        return;
      }
      if (!isDeepStrictEqual(decode(bytes), value)) throw new Error("different");
    }),
    { numRuns: RUNS },
  );
});

test("any string comes back, well-formed or not", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff)), (units) => {
      const text = String.fromCharCode(...units);
      expect(decode(encode({ text, list: [text] }))).toEqual({ text, list: [text] });
    }),
    { numRuns: RUNS },
  );
});

test("plain data is MessagePack that others read and write", () => {
  const other = new Packr({ useRecords: false, variableMapSize: true });
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      // JSON has no minus zero, and fast-check's values of it do.
      const plain = JSON.parse(JSON.stringify(value).replaceAll('"__proto__"', '"proto"')) as unknown;
      expect(other.unpack(encode(plain))).toEqual(plain);
      expect(decode(other.pack(plain))).toEqual(plain);
    }),
    { numRuns: RUNS / 4 },
  );
});
